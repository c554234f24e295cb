/** Address of a module beside another, with the same extension: .ts from source, .js from a build. */
export function moduleBeside({ base, module }: { readonly base: string; readonly module: string }): string {
  return new URL(module + (base.endsWith(".ts") ? ".ts" : ".js"), base).href;
}
