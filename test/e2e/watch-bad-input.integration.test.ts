import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import satellite, { type Grid } from "@stargate/adapter-satellite";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { deforestation } from "../../examples/06-forest-watch/deforestation.ts";
import { forestArea, forestGrid, forestScenes, type ForestScene } from "../support/forest-scenes.ts";
import { type StacServer, startStacServer } from "../support/stac-server.ts";
import { startTestGateway, type TestGateway } from "../../packages/server/test/support/test-gateway.ts";
import {
  type CliResult,
  openTestTerminal,
  type TestTerminal,
} from "../../packages/server/test/support/test-terminal.ts";

/** One scene in twenty days, with the clearing in the last of them. */
const forest = [...forestScenes("2021-01-01", "2023-09-20")].filter((_, index) => index % 2 === 0);
const few = forest.slice(-4);

type Outage = (request: IncomingMessage, response: ServerResponse) => boolean;
const answer =
  (status: number, body = "", type = "text/html"): Outage =>
  (_, response) => {
    response.writeHead(status, { "content-type": type }).end(body);
    return true;
  };
const files =
  (outage: Outage, pattern = /_red\.tif$/): Outage =>
  (request, response) =>
    pattern.test(request.url ?? "") && outage(request, response);
const search =
  (outage: Outage): Outage =>
  (request, response) =>
    (request.url ?? "").endsWith("/search") && outage(request, response);
const atFirst = (times: number, outage: Outage): Outage => {
  let left = times;
  return (request, response) => left-- > 0 && outage(request, response);
};
const forEver = (): Outage => {
  let page = 0;
  return search((request, response) => {
    page += 1;
    const next = {
      rel: "next",
      href: `http://${request.headers.host ?? ""}/stac/search`,
      method: "POST",
      body: { page },
    };
    response
      .writeHead(200, { "content-type": "application/geo+json" })
      .end(JSON.stringify({ type: "FeatureCollection", features: [], links: [next] }));
    return true;
  });
};

const square = (...corners: readonly (readonly [number, number])[]): object => ({
  type: "Polygon",
  coordinates: [[...corners, corners[0]]],
});
const swapped = structuredClone<unknown>(forestArea.geometry) as { coordinates: [number, number][][] };
for (const position of swapped.coordinates[0] ?? []) position.reverse();

interface Case {
  readonly scenes?: readonly ForestScene[];
  readonly outage?: () => Outage;
  readonly area?: object;
  /** Status over HTTP and exit code of the command line. */
  readonly ends: readonly [number, number];
  /** What both say. */
  readonly says: string;
}
const CLOUD = 9;
/** How much faster pauses and time limits pass. */
let haste = 40;
const cases: Readonly<Record<string, Case>> = {
  "a catalogue that pages for ever": { outage: forEver, ends: [502, 5], says: "pages without an end" },
  "a catalogue that always fails": { outage: () => search(answer(500, "<h1>oops</h1>")), ends: [502, 5], says: "500 Internal Server Error" }, // prettier-ignore
  "a catalogue that does not answer": {
    outage: () => search(() => true),
    ends: [502, 5],
    says: "did not answer within",
  },
  "a web page": {
    outage: () => answer(200, "<p>Welcome</p>"),
    ends: [502, 5],
    says: "is no JSON: 200, text/html, saying",
  },
  "files behind a login": { outage: () => files(answer(401)), ends: [422, 5], says: "it is behind a login (401" },
  "files that nobody may have": { outage: () => files(answer(403)), ends: [422, 5], says: "it is behind a login (403" },
  "files that are gone": { outage: () => files(answer(404)), ends: [422, 5], says: "it is gone (404" },
  "files that are no pictures": { outage: () => files(answer(200, "<p>sign in</p>")), ends: [422, 5], says: "no TIFF" },
  "one date": { scenes: few.slice(0, 1), ends: [422, 4], says: "Only one date has a scene (2023-07-10): 0 before" },
  "an area that no scene shows": {
    area: square([-60, -3], [-59.9, -3], [-59.9, -2.9]),
    ends: [422, 4],
    says: "no scene of the area",
  },
  "latitude before longitude": { area: swapped, ends: [422, 4], says: "longitude first, then latitude" },
  "an area that crosses itself": { area: square([14.55, 45.87], [14.56, 45.88], [14.56, 45.87], [14.55, 45.88]), ends: [422, 4], says: "crosses itself at 14.55500, 45.87500" }, // prettier-ignore
  "an area over the antimeridian": {
    area: square([179.9, 45], [-179.9, 45], [-179.9, 45.1]),
    ends: [422, 4],
    says: "antimeridian",
  },
};

let stac: StacServer;
let gateway: TestGateway;
let terminal: TestTerminal;
beforeEach(async () => {
  stac = await startStacServer();
  const allow = { hosts: [new URL(stac.url).host], networks: ["127.0.0.1"] };
  gateway = await startTestGateway({ pipelines: [deforestation(stac.url)], allow }, [satellite()]);
  terminal = await openTestTerminal();
  haste = 40;
  // Pauses of half a second and time limits of half a minute pass faster; Node's own timers, which hand on values, do not.
  const { setTimeout } = globalThis;
  vi.stubGlobal("setTimeout", (callback: () => void, ms = 0, ...values: []) =>
    setTimeout(callback, values.length > 0 ? ms : ms / haste, ...values),
  );
});
afterEach(async () => {
  vi.unstubAllGlobals();
  for (const each of [terminal, gateway, stac]) await each[Symbol.asyncDispose]();
});

const asFeature = (geometry: object): string => JSON.stringify({ type: "Feature", properties: {}, geometry });

async function ask(geometry: object = forestArea.geometry, accept = "*/*"): Promise<Response> {
  const body = new FormData();
  body.append("area", new Blob([asFeature(geometry)], { type: "application/geo+json" }));
  const period = JSON.stringify({ from: "2021-01-01", to: "2023-12-31" });
  body.append("period", new Blob([period], { type: "application/json" }));
  return gateway.fetch("/v1/pipelines/deforestation", { method: "POST", body, headers: { accept } });
}

async function watch(geometry: object = forestArea.geometry): Promise<CliResult> {
  await terminal.write("area.geojson", asFeature(geometry));
  return terminal.cli(["watch-area", "area.geojson", "--stac", stac.url, "--from", "2021-01-01", "--monitor-from", "2023-01-01", "--once"]); // prettier-ignore
}

describe("over HTTP and on the command line", () => {
  test.for(Object.entries(cases))(
    "%s: a typed error that says so",
    { timeout: 60_000 },
    async ([, { scenes = few, outage, area, ends, says }]) => {
      await stac.publish(scenes);
      if (says.includes("did not answer")) haste = 200;
      stac.outage = outage?.();
      const response = await ask(area);
      expect(await response.text()).toContain(says);
      stac.outage = outage?.();
      const { code, err } = await watch(area);
      expect(err).toContain(says);
      expect(err).toContain(" code: SG_");
      expect([response.status, code]).toEqual(ends);
    },
  );

  test("a pipeline that had nothing left to work on says why, on the command line, too", async () => {
    await stac.publish(few);
    stac.outage = files(answer(401));
    await terminal.write("area.geojson", asFeature(forestArea.geometry));
    await terminal.write("period.json", '{"from": "2021-01-01"}');
    await terminal.write("forest.json", JSON.stringify(deforestation(stac.url)));
    await terminal.write("stargate.yaml", `allow: { hosts: ["${new URL(stac.url).host}"], networks: ["127.0.0.1"] }`);
    const run = ["run", "area=area.geojson", "period=period.json", "--pipeline", "forest.json"];
    const { code, err } = await terminal.cli(run);
    expect([code, err]).toEqual([
      4,
      expect.stringMatching(/^error: .*\n( issue: .*behind a login.*\n){3} and 1 more\n hint: /),
    ]);
    const { error } = JSON.parse((await terminal.cli([...run, "--json"])).err) as {
      error: { issues: readonly object[] };
    };
    expect(error.issues).toHaveLength(4);
  });

  test("a catalogue that fails for a while is asked again", { timeout: 60_000 }, async () => {
    await stac.publish(few);
    for (const run of [() => ask().then((response) => response.text()), () => watch().then(({ err }) => err)]) {
      stac.outage = atFirst(2, search(answer(503)));
      expect(await run()).toContain("4 dates have a scene (2023-07-10 to 2023-09-08)");
    }
  });

  test("a series of clouds gives no alert, and says that this means nothing", { timeout: 60_000 }, async () => {
    await stac.publish(forest.slice(-24).map((scene) => ({ ...scene, scl: scene.scl.map(() => CLOUD) })));
    const response = await ask(undefined, "application/vnd.stargate+json");
    expect([response.status, response.headers.get("stargate-coverage")]).toEqual([
      200,
      "feature=1/1, date=24/24, pixel=0/55296",
    ]);
    expect(await response.text()).toContain("Not one pixel could be judged");
    const { code, out, err } = await watch();
    expect([code, err]).toEqual([0, "Only 0 % of the area could be judged: no alert does not mean no change\n"]);
    expect(out).toContain("0 alerts, 0 of them new");
  });

  test("scenes that cannot be read are itemised; the others tell all the same", { timeout: 60_000 }, async () => {
    const [locked, gone, cut, bandless] = [4, 9, 14, 19].map((index) => forest[index]?.id ?? "");
    await stac.publish(forest, {
      change(item, published) {
        const red = `${item.id}_red.tif`;
        if (item.id === gone) published.delete(red);
        if (item.id === cut) published.set(red, published.get(red)?.subarray(0, 5000) ?? new Uint8Array(0));
        if (item.id !== bandless) return item;
        const { nir: _, ...assets } = item.assets;
        return { ...item, assets };
      },
    });
    await stac.publish(forest.slice(30, 33)); // the same scenes again, as some catalogues list them
    await stac.publish(forest.slice(33, 35).map((scene) => ({ ...scene, id: scene.id.replace("33TVM", "33TWM") }))); // and two days as the tile beside shows them
    stac.outage = files(answer(401), new RegExp(`${locked}_red`));
    const problems: readonly (readonly [string, string])[] = [
      [locked ?? "", "behind a login (401"],
      [gone ?? "", "gone (404"],
      [cut ?? "", "5000"],
      [bandless ?? "", "nir"],
    ];

    const { output, receipt } = (await (await ask(undefined, "application/vnd.stargate+json")).json()) as Envelope;
    expect((JSON.parse(output.text) as Alerts).features.map(({ properties }) => properties.firstSeen)).toEqual([
      "2023-06-20",
    ]);
    const issues = receipt.issues.map(({ message }) => message);
    for (const [, says] of problems) expect(issues.find((message) => message.includes(says))).toBeDefined();
    expect(issues).toHaveLength(problems.length);

    const { code, out, err } = await watch();
    expect([code, out]).toEqual([0, expect.stringContaining("52 scenes, 52 of them new")]);
    const lines = err.trimEnd().split("\n");
    for (const [scene, says] of problems) expect(lines.find((line) => line.startsWith(scene))).toContain(says);
    expect(lines).toHaveLength(problems.length);
    const kept = JSON.parse(await readFile(join(terminal.directory, "area/alerts.geojson"), "utf8")) as Alerts;
    expect(kept.features.map(({ properties }) => properties.firstSeen)).toEqual(["2023-06-20"]);
  });

  test(
    "scenes of other pixels and another reference system: a watch brings them onto those of its first",
    { timeout: 60_000 },
    async () => {
      const [x, y] = [930_000, 5_098_000]; // somewhere near, in the zone beside
      const coarse: Grid = { ...forestGrid, affine: [20, 0, 465_180, 0, -20, 5_080_250] };
      const beside: Grid = { ...forestGrid, crs: "EPSG:32632", affine: [10, 0, x, 0, -10, y] };
      const recent = forest.slice(-24);
      for (const [index, grid] of [forestGrid, coarse, beside].entries())
        await stac.publish(
          recent.filter((_, number) => number % 3 === index),
          { grid },
        );
      const response = await ask();
      expect([response.status, await response.text()]).toEqual([422, expect.stringContaining("need its `pixelSize`")]);
      const { code, err } = await watch();
      expect([code, err]).toEqual([0, expect.not.stringContaining("code:")]);
      const record = JSON.parse(await readFile(join(terminal.directory, "area/watch.json"), "utf8")) as object;
      expect(record).toMatchObject({ pixels: { crs: "EPSG:32633", pixelSize: 10 } });
    },
  );
});

interface Alerts {
  readonly features: readonly { readonly properties: { readonly firstSeen: string } }[];
}
interface Envelope {
  readonly output: { readonly text: string };
  readonly receipt: { readonly issues: readonly { readonly message: string }[] };
}
