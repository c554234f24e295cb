/** One Markdown file, path relative to the root. */
export interface Document {
  readonly path: string;
  readonly text: string;
}

/** What a document may refer to. */
export interface Referable {
  readonly npmScripts: readonly string[];
  readonly stages: readonly string[];
  /** Whether a file or folder exists, relative to the root. */
  readonly exists: (path: string) => boolean;
}

const BUILT_IN_VERBS = ["start", "test"];

/** Commands, stages and links of a document that lead nowhere. */
export function documentObjections({ path, text }: Document, referable: Referable): string[] {
  const commands = [...text.matchAll(/\bnpm (?:run )?(?<script>[a-z][a-z:-]*)(?: -- (?<argument>[a-z]+)\b(?![/.]))?/g)];
  const unknownScripts = commands
    .filter(
      ([command, script = ""]) =>
        (command.startsWith("npm run ") || BUILT_IN_VERBS.includes(script)) && !referable.npmScripts.includes(script),
    )
    .map(([, script]) => `"npm run ${script}" is not a script of package.json`);
  const unknownStages = commands
    .filter(
      ([, script, argument]) => script === "test" && argument !== undefined && !referable.stages.includes(argument),
    )
    .map(([, , argument]) => `"npm test -- ${argument}" names no stage`);
  const links = [...text.matchAll(/\]\((?<target>[^)#\s]+)(?:#[^)\s]*)?\)/g)].map(([, target = ""]) => target);
  const lost = links
    .filter((target) => !/^[a-z]+:/.test(target) && !referable.exists(joined(path, target)))
    .map((target) => `the link to ${target} leads nowhere`);
  return [...unknownScripts, ...unknownStages, ...lost];
}

function joined(from: string, target: string): string {
  return new URL(target, `file:///${from}`).pathname.slice(1);
}
