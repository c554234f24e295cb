import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clearing, forestArea, forestScenes, writeForest } from "../../../test/support/forest-scenes.ts";
import { openTestTerminal, type TestTerminal } from "./support/test-terminal.ts";

let terminal: TestTerminal;
let scenes: string;
beforeAll(async () => {
  terminal = await openTestTerminal();
  await terminal.write("forest.geojson", JSON.stringify(forestArea));
  scenes = await mkdtemp(join(tmpdir(), "stargate-scenes-"));
  await writeForest(scenes, forestScenes("2021-01-01", "2023-06-01"));
});
afterAll(async () => {
  await terminal[Symbol.asyncDispose]();
  await rm(scenes, { recursive: true, force: true });
});

const watch = (...more: string[]) =>
  terminal.cli(["watch-area", "forest.geojson", "--scenes", scenes, "--from", "2021-01-01", "--monitor-from", "2023-01-01", "--once", ...more]); // prettier-ignore

interface Alerts {
  readonly features: readonly { readonly id: string; readonly properties: Record<string, unknown> }[];
}
async function alerts(): Promise<Alerts["features"]> {
  const text = await readFile(join(terminal.directory, "forest", "alerts.geojson"), "utf8");
  return (JSON.parse(text) as Alerts).features;
}

describe("stargate watch-area", { timeout: 120_000 }, () => {
  test("reads what there is, and finds nothing in a forest that stands", async () => {
    const { code, out, err } = await watch();
    expect([code, err]).toEqual([0, expect.not.stringContaining("error")]);
    expect(out).toMatch(/^89 scenes, 89 of them new$/m);
    expect(out).toMatch(/^2021-01-01 {2}\d+ % seen {2}S2A_33TVM_20210101_0_L2A$/m);
    expect(await alerts()).toEqual([]);
  });

  test("reads only what is new, and finds a clearing", async () => {
    await writeForest(scenes, forestScenes("2023-06-10", "2023-09-01"));
    const { out } = await watch();
    expect(out).toMatch(/^98 scenes, 9 of them new$/m);
    const [found, ...others] = await alerts();
    expect(others).toEqual([]);
    const { areaHectares, firstSeen, confidence } = found?.properties ?? {};
    expect(areaHectares).toBeCloseTo(1.2, 1);
    expect([firstSeen, confidence]).toEqual([clearing.since, "high"]);
  });

  test("repeats nothing, and changes nothing, when there is nothing new", async () => {
    const before = await readFile(join(terminal.directory, "forest", "alerts.geojson"), "utf8");
    const { out } = await watch();
    expect(out).toBe("98 scenes, 0 of them new\n");
    expect(await readFile(join(terminal.directory, "forest", "alerts.geojson"), "utf8")).toBe(before);
  });

  test("itemises a scene that cannot be read, and goes on", async () => {
    const bad = "S2A_33TVM_20230910_0_L2A";
    await writeForest(scenes, forestScenes("2023-09-10", "2023-09-11"));
    await writeFile(join(scenes, `${bad}_red.tif`), "no picture");
    const { code, err } = await watch();
    expect(code).toBe(0);
    expect(err).toContain(bad);
    expect(await readdir(join(terminal.directory, "forest", "failed"))).toEqual([`${bad}.problem.json`]);
    expect((await watch()).out).toBe("99 scenes, 0 of them new\n");
  });

  test.for([
    [["nowhere.geojson"], "There is no file"],
    [["forest.geojson", "--task", "gold"], "--task"],
    [["forest.geojson", "--from", "last year"], "--from"],
  ] as const)("%j is told what is wrong", async ([args, message]) => {
    const result = await terminal.cli(["watch-area", "--scenes", scenes, "--once", "--from", "2021-01-01", ...args]);
    expect(result.code).not.toBe(0);
    expect(result.err).toContain(message);
  });
});
