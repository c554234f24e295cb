import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCli } from "../../src/cli/run-cli.ts";
import type { Terminal } from "../../src/cli/terminal.ts";

export interface CliResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface TestTerminal extends AsyncDisposable {
  readonly directory: string;
  readonly abort: AbortController;
  /** What has been written to stdout so far. */
  readonly written: () => string;
  write(name: string, text: string): Promise<string>;
  cli(args: readonly string[], overrides?: Partial<Terminal>): Promise<CliResult>;
}

const demoAdapterFile = new URL("./demo-adapter.ts", import.meta.url).href;

/** A configuration file whose only adapter is the demo adapter. `rest` is source text of further fields. */
export function demoConfig(rest = ""): string {
  return `import { demoAdapter } from ${JSON.stringify(demoAdapterFile)};\nexport default { adapters: [demoAdapter().adapter], ${rest} };\n`;
}

/** The command line in a folder of its own, inside this process. */
export async function openTestTerminal(): Promise<TestTerminal> {
  const directory = await mkdtemp(join(tmpdir(), "stargate-cli-"));
  const abort = new AbortController();
  let written = "";
  return {
    directory,
    abort,
    written: () => written,
    async write(name, text) {
      const file = join(directory, name);
      await writeFile(file, text);
      return file;
    },
    async cli(args, overrides = {}) {
      const decoder = new TextDecoder();
      let out = "";
      let err = "";
      const code = await runCli(args, {
        out(text) {
          out += typeof text === "string" ? text : decoder.decode(text);
          written = out;
        },
        err: (text) => void (err += text),
        outIsTty: false,
        errIsTty: false,
        stdin: emptyInput(),
        directory,
        environment: {},
        signal: abort.signal,
        ...overrides,
      });
      return { code, out, err };
    },
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}

async function* emptyInput(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  // Nothing is piped in.
}
