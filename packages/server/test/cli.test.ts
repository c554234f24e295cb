import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { exitCodes } from "../src/cli/exit-codes.ts";
import { demoConfig, openTestTerminal, type TestTerminal } from "./support/test-terminal.ts";

let terminal: TestTerminal;
const shoutYaml = "name: shout\ninput: text\nsteps:\n  - { id: loud, use: demo.shout }\n";

beforeAll(async () => {
  terminal = await openTestTerminal();
  await terminal.write("stargate.config.ts", demoConfig('pipelines: ["shout.yaml"]'));
  await terminal.write("shout.yaml", shoutYaml);
  await terminal.write(
    "pair.yaml",
    "name: pair\ninputs: { first: text, second: text }\nsteps:\n  - { id: both, use: demo.pair, from: { first: first, second: second } }\n",
  );
  await terminal.write("words.txt", "three small words");
  await terminal.write("more.txt", "and more");
});
afterAll(() => terminal[Symbol.asyncDispose]());
const cli = (...args: string[]) => terminal.cli(args);

describe("stargate", () => {
  test("lists its commands", async () => {
    const { code, out } = await cli("--help");
    expect(code).toBe(exitCodes.ok);
    for (const command of ["serve", "run", "plan", "pipelines lint", "adapters", "doctor", "keys create"])
      expect(out).toContain(`stargate ${command}`);
  });

  test("prints its version", async () => {
    expect(await cli("--version")).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string,
    });
  });

  test("shows the options of a command", async () => {
    const { code, out } = await cli("run", "--help");
    expect(code).toBe(exitCodes.ok);
    expect(out).toContain("--to");
    expect(out).not.toContain("\u001B");
  });

  test.each([
    [["srve"], "did you mean 'serve'"],
    [["pipelines"], "pipelines lint"],
    [["run", "words.txt", "--too", "text"], "did you mean 'to'"],
    [["run"], "FILE"],
    [["run", "words.txt"], "--to or --pipeline"],
    [["serve", "--port", "http"], '"http"'],
    [["keys", "create"], "--tenant"],
    [["run", "nowhere.txt", "--to", "text"], "nowhere.txt"],
  ])("%j is wrong use, and says how", async (args, message) => {
    const { code, out, err } = await cli(...args);
    expect(code).toBe(exitCodes.usage);
    expect(out).toBe("");
    expect(err).toContain(message);
    expect(err).toMatch(/^error: .*\n hint: .*\n code: SG_CLI_/);
  });

  test("errors are JSON with --json", async () => {
    const { err } = await cli("run", "words.txt", "--json");
    expect(JSON.parse(err)).toMatchObject({ error: { code: "SG_CLI_USAGE", hint: expect.any(String) as string } });
  });

  test("a wrong configuration has an exit code of its own", async () => {
    await terminal.write("wrong.yaml", "port: 1\n");
    const { code, err } = await cli("adapters", "--config", "wrong.yaml");
    expect(code).toBe(exitCodes.configuration);
    expect(err).toContain("unknown field 'port'");
  });
});

describe("stargate run", () => {
  test("writes the answer to stdout and the receipt in short to stderr", async () => {
    const { code, out, err } = await cli("run", "words.txt", "--to", "json", "--from", "text");
    expect(code).toBe(exitCodes.ok);
    expect(JSON.parse(out)).toEqual({ words: 3 });
    expect(err).toMatch(/^17 of 17 characters in \d+ ms \(demo\.count@1\.0\.0\)\n$/);
  });

  test("passes options on", async () => {
    const { out } = await cli(
      "run",
      "words.txt",
      "--to",
      "json",
      "--from",
      "text",
      "--with",
      '{"demo.count":{"unit":"characters"}}',
    );
    expect(JSON.parse(out)).toEqual({ characters: 17 });
  });

  test("runs a pipeline file, and a configured one by name", async () => {
    expect((await cli("run", "words.txt", "--pipeline", "./shout.yaml")).out).toBe("THREE SMALL WORDS\n");
    expect((await cli("run", "words.txt", "--pipeline", "shout")).out).toBe("THREE SMALL WORDS\n");
  });

  test("takes named inputs", async () => {
    expect((await cli("run", "first=words.txt", "second=more.txt", "--pipeline", "pair.yaml")).out).toBe(
      "three small words and more\n",
    );
  });

  test("reads stdin", async () => {
    async function* piped() {
      yield new TextEncoder().encode("from a pipe");
    }
    expect(await terminal.cli(["run", "-", "--pipeline", "shout"], { stdin: piped() })).toMatchObject({
      out: "FROM A PIPE\n",
    });
  });

  test("gives output and receipt with --json", async () => {
    const { out } = await cli("run", "words.txt", "--to", "json", "--from", "text", "--json");
    expect(JSON.parse(out)).toMatchObject({
      output: { words: 3 },
      receipt: { pipeline: null, tenant: expect.any(String) as string },
    });
  });

  test("the extension of --out picks the encoding", async () => {
    const { code, out, err } = await cli("run", "words.txt", "--pipeline", "shout", "--out", "loud.md");
    expect(code).toBe(exitCodes.ok);
    expect(out).toBe("");
    expect(err).toMatch(/^loud\.md: 17 of 17 characters/);
    expect(await readFile(join(terminal.directory, "loud.md"), "utf8")).toBe("THREE SMALL WORDS");
    const refused = await cli("run", "words.txt", "--pipeline", "shout", "--out", "loud.pdf");
    expect(refused).toMatchObject({
      code: exitCodes.usage,
      err: expect.stringContaining("text/plain, text/markdown") as string,
    });
  });

  test("a refused input, a missing way and a deadline have their exit codes", async () => {
    await terminal.write("empty.txt", "");
    expect((await cli("run", "empty.txt", "--to", "text")).code).toBe(exitCodes.input);
    expect((await cli("run", "words.txt", "--to", "invoice", "--from", "text")).code).toBe(exitCodes.input);
    await terminal.write("wait.yaml", "name: wait\ninput: text\nsteps:\n  - { id: hold, use: demo.wait }\n");
    expect((await cli("run", "words.txt", "--pipeline", "wait.yaml", "--deadline-ms", "20")).code).toBe(
      exitCodes.unavailable,
    );
  });
});

describe("stargate plan", () => {
  test("explains the way from a modality or a file", async () => {
    const byName = await cli("plan", "text", "--to", "json");
    const byFile = await cli("plan", "words.txt", "--to", "json");
    expect(byName).toMatchObject({ code: exitCodes.ok, out: expect.stringContaining("demo.count@1.0.0") as string });
    expect(byFile).toMatchObject({ code: exitCodes.ok, out: expect.stringContaining("demo.count@1.0.0") as string });
  });

  test("names the missing hop", async () => {
    const { code, out } = await cli("plan", "text", "--to", "invoice", "--json");
    expect(code).toBe(exitCodes.input);
    expect(JSON.parse(out)).toMatchObject({ chosen: null, missing: { message: expect.any(String) as string } });
  });
});

describe("stargate pipelines lint", () => {
  test("shows what every pipeline takes and gives", async () => {
    const { code, out } = await cli("pipelines", "lint");
    expect(code).toBe(exitCodes.ok);
    expect(out).toMatch(/^ok +shout +input: text -> text +\(.*shout\.yaml\)\n$/);
  });

  test("finds what does not compile", async () => {
    await terminal.write("broken.yaml", "name: broken\ninput: text\nsteps:\n  - { id: loud, use: demo.shuot }\n");
    const { code, out } = await cli("pipelines", "lint", "broken.yaml", "shout.yaml");
    expect(code).toBe(exitCodes.problems);
    expect(out).toMatch(/^error +.*broken\.yaml/);
    expect(out).toContain("demo.shout");
    expect(out).toContain("ok     shout");
  });
});

describe("stargate adapters", () => {
  test("lists transforms by adapter", async () => {
    const { out } = await cli("adapters", "--json");
    expect(JSON.parse(out)).toMatchObject({
      adapters: [
        {
          id: "demo",
          transforms: expect.arrayContaining([
            expect.objectContaining({ id: "demo.shout", from: ["text"], to: "text" }),
          ]) as unknown[],
        },
      ],
    });
  });
});

describe("stargate keys", () => {
  test("creates, lists and revokes", async () => {
    const created = await cli("keys", "create", "--tenant", "clinic", "--days", "30");
    expect(created).toMatchObject({
      code: exitCodes.ok,
      out: expect.stringMatching(/^sg_[0-9a-f]{12}_[\w-]{43}\n$/) as string,
    });
    const listed = JSON.parse((await cli("keys", "list", "--json")).out) as {
      keys: { id: string; tenant: string; expiresAt: string }[];
    };
    const id = created.out.split("_")[1] ?? "";
    expect(listed.keys).toEqual([expect.objectContaining({ id, tenant: "clinic" })]);
    expect(await cli("keys", "revoke", id)).toMatchObject({ code: exitCodes.ok });
    expect((await cli("keys", "list")).out).toBe("There are no keys.\n");
  });
});

describe("stargate serve", () => {
  let server: TestTerminal;
  beforeEach(async () => {
    server = await openTestTerminal();
    await server.write("stargate.config.ts", demoConfig('server: { announceMs: 0 }, log: { level: "silent" }'));
  });

  test("prints where it listens and one line to try it, and ends with 0 when told to", async () => {
    const running = server.cli(["serve"], { environment: { PORT: "0" } });
    await expect
      .poll(() => server.written())
      .toMatch(
        /is ready on http:\/\/127\.0\.0\.1:\d+\nTry it: {2}curl --data-binary @scan\.pdf 'http:\/\/127\.0\.0\.1:\d+\/v1\/convert\?to=text'/,
      );
    const url = /ready on (\S+)/.exec(server.written())?.[1] ?? "";
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    server.abort.abort();
    expect((await running).code).toBe(exitCodes.ok);
    await server[Symbol.asyncDispose]();
  });

  test("a port in use is said, with the way out", async () => {
    const first = server.cli(["serve", "--port", "0", "--json"]);
    await expect.poll(() => server.written()).toContain('"event":"ready"');
    const { url } = JSON.parse(server.written()) as { url: string };
    const second = await server.cli(["serve", "--port", new URL(url).port]);
    expect(second).toMatchObject({
      code: exitCodes.configuration,
      err: expect.stringMatching(/EADDRINUSE[\s\S]*--port/) as string,
    });
    server.abort.abort();
    await first;
    await server[Symbol.asyncDispose]();
  });
});
