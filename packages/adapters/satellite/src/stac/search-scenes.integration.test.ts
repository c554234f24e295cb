import type { GatedFetch } from "@stargate/kernel";
import { describe, expect, it } from "vitest";
import { createHastyClock } from "../http/testing-support/hasty-clock.ts";
import { type BoundingBox, type SceneQuery, searchScenes } from "./search-scenes.ts";
import { createStacCache } from "./stac-cache.ts";
import { type Answer, type Asked, itemOf, startCatalogue } from "./testing-support/catalogue-server.ts";

const fetchPlainly: GatedFetch = (input, init) => fetch(input, init);
const area: BoundingBox = [14.2, 45.2, 14.4, 45.4];
const context = { fetch: fetchPlainly, signal: new AbortController().signal, clock: createHastyClock() };
const query = (url: string, more: Partial<SceneQuery> = {}): SceneQuery => ({
  url,
  collections: ["sentinel-2-l2a"],
  ...more,
});

const landing = (root: string): Answer => ({
  document: {
    type: "Catalog",
    stac_version: "1.0.0",
    conformsTo: ["https://api.stacspec.org/v1.0.0/item-search#query"],
    links: [
      { rel: "search", href: `${root}/search`, method: "GET" },
      { rel: "search", href: `${root}/search`, method: "POST" },
    ],
  },
});
const page = (items: readonly unknown[], links: readonly unknown[] = []): Answer => ({
  document: { type: "FeatureCollection", features: items, links },
});
const day = (number: number): string => `2023-06-${String(number).padStart(2, "0")}T10:00:00Z`;

describe("searching a catalogue", () => {
  it("asks its search by POST, follows the pages and gives scenes, oldest first", async () => {
    await using server = await startCatalogue((asked, root) => {
      if (asked.url.pathname === "/") return landing(root);
      const { token } = asked.body as { token?: number };
      const next = {
        rel: "next",
        href: `${root}/search`,
        method: "POST",
        body: { token: (token ?? 0) + 1 },
        merge: true,
      };
      if (token === undefined) return page([itemOf("c", day(3)), itemOf("b", day(2))], [next]);
      return page([itemOf("a", day(1)), { nonsense: true }]);
    });
    const found = await searchScenes(
      area,
      query(server.root, { from: "2023-06-01", to: "2023-06-30", maxCloud: 0.5 }),
      context,
    );
    expect(found.series.rasters.map(({ id }) => id)).toEqual(["a", "b", "c"]);
    expect(found.notes).toEqual([expect.stringMatching(/^an item: .* is no STAC item/)]);
    const wanted = {
      bbox: [...area],
      collections: ["sentinel-2-l2a"],
      datetime: "2023-06-01T00:00:00Z/2023-06-30T23:59:59Z",
      limit: 100,
      query: { "eo:cloud_cover": { lte: 50 } },
    };
    expect(server.asked.map(({ method, body }) => [method, body])).toEqual([
      ["GET", undefined],
      ["POST", wanted],
      ["POST", { ...wanted, token: 1 }],
    ]);
    expect(found.series.rasters[0]).toMatchObject({
      product: "sentinel-2-l2a",
      acquiredAt: "2023-06-01T10:00:00.000Z",
      processing: { baseline: "05.09" },
      cloudShare: 0.1,
      bands: [
        { name: "red", holds: "reflectance", source: { kind: "remote", href: "https://data.example/B04.tif" } },
        { name: "scl", holds: "classes", nodata: 0, source: { href: `${server.root}/SCL.tif` } },
      ],
    });
  });

  it("asks by GET where POST is not taken", async () => {
    await using server = await startCatalogue((asked) =>
      asked.method === "POST" ? { status: 405, text: "no" } : page([itemOf("a", day(1))]),
    );
    const found = await searchScenes(area, query(`${server.root}/search`, { from: "2023-06-01" }), context);
    expect(found.series.rasters).toHaveLength(1);
    const { searchParams } = server.asked[1]?.url ?? new URL("http://none");
    expect(Object.fromEntries(searchParams)).toEqual({
      bbox: "14.2,45.2,14.4,45.4",
      collections: "sentinel-2-l2a",
      datetime: "2023-06-01T00:00:00Z/..",
      limit: "100",
    });
  });

  it("reads a document of items, leaving out what is elsewhere, cloudy, or at another time", async () => {
    await using server = await startCatalogue(() =>
      page([
        itemOf("here", day(1)),
        itemOf("late", day(20)),
        itemOf("cloudy", day(2), { "eo:cloud_cover": 90 }),
        { ...itemOf("elsewhere", day(3)), bbox: [20, 45, 21, 46] },
      ]),
    );
    const found = await searchScenes(
      area,
      query(`${server.root}/items.json`, { to: "2023-06-10", maxCloud: 0.5 }),
      context,
    );
    expect(found.series.rasters.map(({ id }) => id)).toEqual(["here"]);
    expect(found.notes).toEqual(["1 scenes with more than 50 % clouds were left out"]);
  });

  it("takes the newer of two processings of one scene, and says so", async () => {
    await using server = await startCatalogue(() =>
      page([
        itemOf("S2A_33TVM_20230601_0_L2A", day(1), { "s2:processing_baseline": "04.00" }),
        itemOf("S2A_33TVM_20230601_1_L2A", day(1), { "s2:processing_baseline": "05.10" }),
        itemOf("S2A_33TWM_20230601_0_L2A", day(1)),
      ]),
    );
    const found = await searchScenes(area, query(`${server.root}/search`), context);
    expect(found.series.rasters.map(({ id }) => id)).toEqual(["S2A_33TVM_20230601_1_L2A", "S2A_33TWM_20230601_0_L2A"]);
    expect(found.notes).toHaveLength(1);
  });

  it("stops at the limit, and says so", async () => {
    await using server = await startCatalogue(({ url }, root) => {
      const number = Number(url.searchParams.get("page") ?? 0);
      const next = { rel: "next", href: `${root}/search?page=${number + 1}` };
      return page([itemOf(`scene-${number}`, day(1 + (number % 28)))], [next]);
    });
    const found = await searchScenes(area, query(`${server.root}/search`, { limit: 5 }), context);
    expect(found.series.rasters).toHaveLength(5);
    expect(found.notes[0]).toMatch(/has more than 5 scenes/);
    expect(server.asked).toHaveLength(5);
  });

  it.each<[string, (asked: Asked, root: string) => Answer, RegExp]>([
    [
      "pages in a circle",
      (_, root) => page([itemOf("a", day(1))], [{ rel: "next", href: `${root}/search?page=2` }]),
      /pages in a circle/,
    ],
    [
      "pages for ever with nothing new",
      ({ url }, root) =>
        page(
          [itemOf("a", day(1))],
          [{ rel: "next", href: `${root}/search?page=${Number(url.searchParams.get("page")) + 1}` }],
        ),
      /pages without an end: 3 pages brought nothing new/,
    ],
    [
      "answers with HTML",
      () => ({ text: "<html><h1>Sign in</h1></html>" }),
      /is no JSON: 200, text\/html, saying "Sign in"/,
    ],
    [
      "answers with another document",
      () => ({ document: { message: "hello" } }),
      /no item collection \(fields: message\)/,
    ],
    [
      "wants a login",
      () => ({ status: 401, text: "who are you" }),
      /answered 401 Unauthorized, text\/html, saying "who are you"/,
    ],
    ["is gone", () => ({ status: 404, text: "nothing here" }), /answered 404 Not Found/],
    [
      "fails",
      () => ({ status: 500, text: "<b>stack trace</b>" }),
      /answered 500 Internal Server Error, text\/html, saying "stack trace"/,
    ],
  ])("that %s is a typed error that says what came back", async (_, reply, message) => {
    await using server = await startCatalogue(reply);
    const error: unknown = await searchScenes(area, query(`${server.root}/search?key=secret`), context).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code: "SG_SATELLITE_CATALOGUE" });
    expect(String(error)).toMatch(message);
    expect(String(error)).not.toContain("secret");
  });

  it("asks again when a catalogue fails for a moment", async () => {
    let failures = 2;
    await using server = await startCatalogue(() =>
      failures-- > 0 ? { status: 503, text: "busy" } : page([itemOf("a", day(1))]),
    );
    const clock = createHastyClock();
    const found = await searchScenes(area, query(`${server.root}/search`), { ...context, clock });
    expect([found.series.rasters.length, clock.pausesMs]).toEqual([1, [500, 2000]]);
  });

  it("is a typed error when nobody answers, in time or at all", async () => {
    const refusing: GatedFetch = () => Promise.reject(new TypeError("fetch failed"));
    const silent: GatedFetch = (_, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener("abort", () => reject(init.signal?.reason as Error));
      });
    const impatient = {
      ...createHastyClock(),
      timer: (_ms: number, callback: () => void) => (setImmediate(callback), () => undefined),
    };
    for (const [fetchIt, message] of [
      [refusing, /does not answer: fetch failed/],
      [silent, /does not answer: No answer within 60 s/],
    ] as const) {
      const asking = searchScenes(area, query("https://stac.example/search"), {
        ...context,
        clock: impatient,
        fetch: fetchIt,
      });
      await expect(asking).rejects.toThrow(message);
      await expect(asking).rejects.toMatchObject({ code: "SG_SATELLITE_CATALOGUE" });
    }
  });

  it("believes the landing page for a while", async () => {
    await using server = await startCatalogue((asked, root) =>
      asked.url.pathname === "/" ? landing(root) : page([itemOf("a", day(1))]),
    );
    const cached = { ...context, cache: createStacCache() };
    await searchScenes(area, query(server.root), cached);
    await searchScenes(area, query(server.root), cached);
    expect(server.asked.map(({ method }) => method)).toEqual(["GET", "POST", "POST"]);
  });
});
