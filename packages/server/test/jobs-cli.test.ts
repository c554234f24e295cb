import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exitCodes } from "../src/cli/exit-codes.ts";
import { acceptedJob, jobIn } from "./support/job-client.ts";
import { startTestGateway, type TestGateway } from "./support/test-gateway.ts";
import { openTestTerminal, type TestTerminal } from "./support/test-terminal.ts";

let gateway: TestGateway;
let terminal: TestTerminal;
beforeAll(async () => {
  gateway = await startTestGateway();
  terminal = await openTestTerminal();
});
afterAll(async () => {
  await terminal[Symbol.asyncDispose]();
  await gateway[Symbol.asyncDispose]();
});
const jobs = (...args: string[]) => terminal.cli(["jobs", ...args, "--url", gateway.url]);

describe("stargate jobs", () => {
  test("list says that there are none, or which", async () => {
    expect(await jobs("list")).toMatchObject({ code: exitCodes.ok, out: "There are no jobs.\n" });
    const held = await acceptedJob(gateway.url, "wait", "held");
    await gateway.brake.reached;
    const failed = await acceptedJob(gateway.url, "secretive", "x");
    await jobIn(gateway.url, failed.id, "failed");
    const { out } = await jobs("list");
    expect(out.split("\n")).toEqual([
      expect.stringMatching(new RegExp(`^${failed.id}  failed     20.*Z  secretive$`)),
      expect.stringMatching(new RegExp(`^${held.id}  running    20.*Z  wait 1/4 characters$`)),
      "",
    ]);
    const { out: json } = await jobs("list", "--state", "running", "--json");
    expect(JSON.parse(json)).toMatchObject({ jobs: [{ id: held.id }] });
  });

  test("show says how far it is, what became of it, and why", async () => {
    const [failed, held] = (JSON.parse((await jobs("list", "--json")).out) as { jobs: { id: string }[] }).jobs;
    expect((await jobs("show", held?.id ?? "")).out).toMatch(
      /^state     running$[^]*^progress  step: 1\/4 characters$/m,
    );
    expect((await jobs("show", failed?.id ?? "")).out).toMatch(/^problem   .* \(SG_SERVER_INTERNAL\)\nhint {6}/m);
  });

  test("cancel ends it", async () => {
    const { jobs: running } = JSON.parse((await jobs("list", "--state", "running", "--json")).out) as {
      jobs: { id: string }[];
    };
    const { code, out } = await jobs("cancel", running[0]?.id ?? "");
    expect(code).toBe(exitCodes.ok);
    expect(out).toContain("state     cancelled\n");
    await gateway.brake.aborted;
  });

  test.for([
    [["show", "nonsense"], exitCodes.usage, "no id of a job"],
    [["show", "0".repeat(32)], exitCodes.unavailable, "answered 404: There is no job"],
    [["list", "--state", "done"], exitCodes.unavailable, "answered 400"],
  ] as const)("%j is told what is wrong", async ([args, code, message]) => {
    const result = await jobs(...args);
    expect(result.code).toBe(code);
    expect(result.err).toContain(message);
  });
});
