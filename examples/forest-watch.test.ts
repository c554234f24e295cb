import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clearing, forestArea, forestScenes } from "../test/support/forest-scenes.ts";
import { startStacServer, type StacServer } from "../test/support/stac-server.ts";

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "stargate-forest-"));

let stac: StacServer;
beforeAll(async () => {
  stac = await startStacServer();
  await stac.publish(forestScenes("2021-01-01", "2023-09-01"));
  writeFileSync(join(folder, "area.geojson"), JSON.stringify(forestArea));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await stac[Symbol.asyncDispose]();
});

interface Printed {
  readonly features: readonly { readonly properties: { readonly areaHectares: number; readonly firstSeen: string } }[];
}

test("06-forest-watch finds a clearing in a catalogue", { timeout: 120_000 }, async () => {
  const { stdout } = await run(
    process.execPath,
    [
      "--conditions=@stargate/source",
      join(import.meta.dirname, "06-forest-watch/main.ts"),
      join(folder, "area.geojson"),
      "2021-01-01",
      "2023-08-31",
    ],
    { env: { ...process.env, NO_COLOR: "1", STAC_URL: stac.url } },
  );
  const [status, body = ""] = stdout.split("\n");
  expect(status).toMatch(/^200, seen: .*pixel=\d+\/\d+/);
  const [alert, ...others] = (JSON.parse(body) as Printed).features;
  expect(others).toEqual([]);
  expect(alert?.properties.areaHectares).toBeCloseTo(1.2, 1);
  expect(alert?.properties.firstSeen).toBe(clearing.since);
});
