import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import satellite from "@stargate/adapter-satellite";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { openPage } from "../../../test/support/chromium.ts";
import { forestArea, forestScenes, writeForest } from "../../../test/support/forest-scenes.ts";
import { createLog } from "../src/host/log-adapter.ts";
import { startWatches } from "../src/watches/start-watches.ts";
import { watchesSchema, type WatchDefinition } from "../src/watches/watches-schema.ts";
import { startTestGateway, type TestGateway } from "./support/test-gateway.ts";

let folder: string;
let gateway: TestGateway;
const told: string[] = [];
const receiver = createServer((request, response) => {
  void Array.fromAsync(request as AsyncIterable<Buffer>).then((parts) => {
    told.push(Buffer.concat(parts).toString());
    response.writeHead(204).end();
  });
});
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stargate-watches-"));
  await writeForest(join(folder, "scenes"), forestScenes("2021-06-01", "2023-09-01"));
  await writeFile(join(folder, "forest.geojson"), JSON.stringify(forestArea));
  receiver.listen(0, "127.0.0.1");
  await once(receiver, "listening");
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/new`;
  const allow = { hosts: [new URL(url).host], networks: ["127.0.0.1"] };
  gateway = await startTestGateway({ pipelines: [], allow }, [satellite()]);
  const watches = watchesSchema.parse({
    forest: {
      webhook: { url, secret: { env: "SECRET" } },
      area: "forest.geojson",
      scenes: "scenes",
      from: "2021-06-01",
      monitorFrom: "2023-01-01",
      folder: "data",
    },
  });
  const { gate, host, log } = gateway.gateway;
  gateway.gateway.watches = await startWatches(watches, {
    gate,
    host,
    log: createLog(log),
    directory: folder,
    environment: { SECRET: "a secret of enough letters" },
  });
  await vi.waitUntil(async () => (await statuses())[0]?.alerts === 1, { timeout: 60_000 });
}, 90_000);
afterAll(async () => {
  receiver.closeAllConnections();
  receiver.close();
  await gateway.gateway.watches.stop();
  await gateway[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function statuses(): Promise<readonly { readonly alerts: number; readonly problem: unknown }[]> {
  const { watches } = (await (await gateway.fetch("/v1/watches")).json()) as {
    watches: { alerts: number; problem: unknown }[];
  };
  return watches;
}
const alertsAs = (accept: string) => gateway.fetch("/v1/watches/forest/alerts", { headers: { accept } });
interface Alerts {
  readonly features: readonly {
    readonly id: string;
    readonly properties: { readonly verified: unknown; readonly chip: unknown };
  }[];
}

describe("a watched area over HTTP", () => {
  test("says what was observed, and what could not be", async () => {
    const watch = (await (await gateway.fetch("/v1/watches/forest")).json()) as Record<string, unknown>;
    expect(watch).toMatchObject({ name: "forest", task: "deforestation", index: "ndvi", problem: null, problems: [] });
    expect(watch["scenes"]).toHaveLength(83);
    expect(watch["judgedShare"]).toBeGreaterThan(0.99);
    const { status } = await gateway.fetch("/v1/watches/nowhere");
    expect(status).toBe(404);
  });

  test.for([
    ["application/geo+json", '"FeatureCollection"'],
    ["text/csv", "areaHectares"],
    ["application/vnd.google-earth.kml+xml", "<Placemark"],
  ])("gives its alerts as %s", async ([accept = "", content = ""]) => {
    const response = await alertsAs(accept);
    expect(response.headers.get("content-type")).toContain(accept);
    expect(await response.text()).toContain(content);
  });

  test("is told to its webhook", async () => {
    await vi.waitUntil(() => told.length === 1);
    expect(JSON.parse(told[0] ?? "")).toMatchObject({
      event: "new-alerts",
      watch: "forest",
      features: [{ properties: { firstSeen: "2023-06-11" } }],
    });
  });

  test.for([
    ["https://example.org/alerts", { env: "SECRET" }, "SG_FETCH_DENIED"],
    ["http://127.0.0.1:1/alerts", { env: "NOTHING" }, "SG_CONFIG_INVALID"],
  ] as const)("does not begin with webhook %s, secret %j", async ([url, secret, code]) => {
    const { gate, host, log } = gateway.gateway;
    const area = join(folder, "forest.geojson");
    const other = watchesSchema.parse({ other: { area, scenes: "scenes", from: "2021-06-01", folder: "other", webhook: { url, secret } } }); // prettier-ignore
    await expect(
      startWatches(other, { gate, host, log: createLog(log), directory: folder, environment: { SECRET: "a secret of enough letters" } }), // prettier-ignore
    ).rejects.toMatchObject({ code });
  });

  test("counts hectares by month", async () => {
    const response = await gateway.fetch("/v1/watches/forest/hectares", { headers: { accept: "text/csv" } });
    expect(await response.text()).toMatch(/^2023-06,high,1\.2/m);
  });

  test("shows the place of an alert before and after", async () => {
    const [alert] = ((await (await alertsAs("application/geo+json")).json()) as Alerts).features;
    const chip = String(alert?.properties.chip);
    expect(chip).toBe(`/v1/watches/forest/alerts/${alert?.id}/chip.png`);
    const response = await gateway.fetch(chip);
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "image/png"]);
    expect((await gateway.fetch("/v1/watches/forest/alerts/x/chip.png")).status).toBe(404);
  });

  test("takes a verdict, keeps it, and takes it back", async () => {
    const [alert] = ((await (await alertsAs("application/geo+json")).json()) as Alerts).features;
    const path = `/v1/watches/forest/alerts/${alert?.id}/verification`;
    const put = (body: object, to = path) =>
      gateway.fetch(to, { method: "PUT", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
    expect((await put({ by: "Ada", verdict: "confirmed", note: "stumps" })).status).toBe(200);
    const [kept] = ((await (await alertsAs("application/geo+json")).json()) as Alerts).features;
    expect(kept?.properties.verified).toMatchObject({ by: "Ada", verdict: "confirmed", note: "stumps" });
    expect((await put({ by: "Ada", verdict: "maybe" })).status).toBe(400);
    expect((await put({ by: "Ada", verdict: "rejected" })).status).toBe(200);
    expect(await statuses()).toMatchObject([{ alerts: 0, hectares: 0 }]);
    expect((await put({ by: "Ada", verdict: "unclear" }, "/v1/watches/forest/alerts/x/verification")).status).toBe(404);
    expect((await gateway.fetch(path, { method: "DELETE" })).status).toBe(200);
    const [clean] = ((await (await alertsAs("application/geo+json")).json()) as Alerts).features;
    expect(clean?.properties.verified).toBeNull();
  });

  test.for([
    ["15/17708/11679.png?watch=forest&rescale=0,0.9", 200],
    ["15/17708/11679@2x.png?watch=forest", 200],
    ["15/17708/11679.png?watch=forest&scene=nothing", 404],
    ["15/17708/11679.png", 400],
    ["15/17708/11679.png?watch=forest&rescale=1,0", 400],
    ["15/17708/11679.png?watch=forest&colormap_name=gold", 400],
    ["2/9/0.png?watch=forest", 400],
    ["a/b/c.png?watch=forest", 400],
    ["15/17708/11679.png?url=https://example.org/a.tif", 403],
  ] as const)("draws tile %s: %i", async ([tile, status]) => {
    const response = await gateway.fetch(`/v1/tiles/${tile}`);
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toBe(status === 200 ? "image/png" : "application/problem+json");
  });
});

describe("the page of watches, in a real browser", () => {
  test(
    "shows the area, the alert and its evidence, goes back in time and takes a verdict",
    { timeout: 60_000 },
    async (context) => {
      await using page = await openPage(context, `${gateway.url}/watches`);
      await page.until("document.querySelectorAll('#alerts > li').length === 1");
      await page.until("document.querySelectorAll('.leaflet-tile-loaded').length > 0");
      expect(await page.evaluate("document.getElementById('status').textContent")).toBe("83 scenes, 1 alert, 1.2 ha");
      expect(await page.evaluate("document.querySelectorAll('path.leaflet-interactive').length")).toBe(2);
      await page.evaluate("(document.getElementById('time').value = 10, document.getElementById('time').dispatchEvent(new Event('input')))"); // prettier-ignore
      expect(await page.evaluate("document.querySelector('#alerts > li').classList.contains('later')")).toBe(true);
      expect(await page.evaluate("document.querySelectorAll('path.leaflet-interactive').length")).toBe(1);
      expect(await page.evaluate("document.querySelector('#alerts svg polyline') !== null")).toBe(true);
      expect(await page.evaluate("document.querySelector('#alerts .head').textContent")).toContain("2023-06-11"); // the first picture after the clearing
      await page.evaluate("document.querySelector('#alerts details').setAttribute('open', '')");
      await page.until("document.querySelector('#alerts .chip')?.naturalWidth > 600");
      await page.evaluate(`(() => {
      const form = document.querySelector("#alerts form");
      form.querySelector("input").value = "Bo";
      form.requestSubmit(form.querySelector("button[value=rejected]"));
    })()`);
      await page.until("document.querySelector('#alerts').textContent.includes('rejected by Bo')");
      expect(await page.evaluate("document.getElementById('status').textContent")).toBe("83 scenes, 0 alerts, 0.0 ha; 1 rejected"); // prettier-ignore
      const [alert] = ((await (await alertsAs("application/geo+json")).json()) as Alerts).features;
      expect(alert?.properties.verified).toMatchObject({ by: "Bo", verdict: "rejected" });
      expect(page.complaints).toEqual([]);
    },
  );
});

test("a watch that is started again knows its alerts before it has looked, and tells nobody twice", async () => {
  const { gate, host, log } = gateway.gateway;
  const options = { gate, host, log: createLog(log), directory: folder, environment: { SECRET: "a secret of enough letters" } }; // prettier-ignore
  const running = gateway.gateway.watches.watches.get("forest");
  await running?.files.verify(
    String(((await (await alertsAs("application/geo+json")).json()) as Alerts).features[0]?.id),
    null,
  );
  await gateway.gateway.watches.stop();
  const forest = { ...(running?.definition as WatchDefinition), scenes: "nowhere", area: "forest.geojson" };
  gateway.gateway.watches = await startWatches({ forest }, options);
  expect(await statuses()).toMatchObject([
    { alerts: 1, judgedShare: expect.closeTo(1) as number, hectares: expect.closeTo(1.2, 1) as number },
  ]);
  await vi.waitUntil(async () => (await statuses())[0]?.problem !== null); // there are no scenes any more
  expect(told).toHaveLength(1);
});
