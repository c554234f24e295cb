import { type Clock, createPortableHost, type GatedFetch } from "@stargate/kernel";
import { describe, expect, it } from "vitest";
import { createHastyClock } from "../http/testing-support/hasty-clock.ts";
import { type Manner, type RangeServer, servedBlob, startRangeServer } from "../http/testing-support/range-server.ts";
import { openBand, type OpenBand } from "./open-band.ts";
import { createHugeCog } from "./testing-support/huge-cog.ts";
import { makeTiff } from "./testing-support/make-tiff.ts";

const { offload } = createPortableHost();
const plainFetch: GatedFetch = (input, init) => fetch(input, init);
const grid = { crs: "EPSG:32633", affine: [10, 0, 500_000, 0, -10, 5_000_000] as const } as const;

const small = makeTiff({
  widthPixels: 64,
  heightPixels: 64,
  dtype: "uint16",
  tile: [16, 16],
  compression: "deflate",
  samples: [Uint16Array.from({ length: 4096 }, (_, index) => index)],
  grid,
});

const open = (
  server: RangeServer,
  { signal = new AbortController().signal, clock = createHastyClock() as Clock } = {},
): Promise<OpenBand> =>
  openBand(
    { name: "red", holds: "reflectance", sample: 0, source: { kind: "remote", href: server.href } },
    { fetch: plainFetch, offload, signal, clock },
  );

const pixel = { column: 3, row: 2, widthPixels: 1, heightPixels: 1 };

describe("a scene on a server", () => {
  it("of a million tiles is opened with little, and a window of 256 pixels read with four requests", async () => {
    await using server = await startRangeServer(createHugeCog(1000, { tilePixels: 256 }));
    const band = await open(server);
    expect(band.grid).toMatchObject({ crs: "EPSG:32633", widthPixels: 256_000, heightPixels: 256_000 });
    const opened = server.requests.reduce((sum, { bytes }) => sum + bytes, 0);
    expect(opened).toBeLessThanOrEqual(1_000_000);
    // Four tiles, of two rows of tiles that lie far apart.
    const numbers = await band.readWindow({ column: 128_100, row: 200_050, widthPixels: 256, heightPixels: 256 });
    expect(server.requests.length).toBeLessThanOrEqual(4);
    const [first, second, last] = [328_150, 328_151, 328_660].map((number) => number % 65_536);
    expect([numbers[0], numbers[1], numbers.at(-1)]).toEqual([first, second, last]);
    // The four tiles and what stands around them: no more than 200 KB of index.
    expect(server.requests.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(4 * 131_072 + 200_000);
  });

  it("without GDAL's leaders is read by its index, to the same numbers", async () => {
    await using server = await startRangeServer(createHugeCog(300, { hasLeaders: false }));
    const band = await open(server);
    const numbers = await band.readWindow({ column: 100, row: 200, widthPixels: 20, heightPixels: 20 });
    expect([numbers[0], numbers.at(-1)]).toEqual([300, 338]);
    expect(server.requests.length).toBeLessThanOrEqual(5);
  });

  it("gives a window of 256 pixels of tiles of 256 with at most four requests, cold", async () => {
    const samples = [Uint16Array.from({ length: 1024 * 1024 }, (_, index) => (index * 2_654_435_761) >>> 16)];
    const blob = makeTiff({
      widthPixels: 1024,
      heightPixels: 1024,
      dtype: "uint16",
      tile: [256, 256],
      compression: "deflate",
      samples,
      grid,
    });
    await using server = await startRangeServer(await servedBlob(blob));
    const band = await open(server);
    const numbers = await band.readWindow({ column: 300, row: 300, widthPixels: 256, heightPixels: 256 });
    expect(numbers[0]).toBe(samples[0]?.[300 * 1024 + 300]);
    expect(server.requests.length).toBeLessThanOrEqual(4);
  });

  it("that ignores ranges is read whole, once", async () => {
    await using server = await startRangeServer(await servedBlob(small), "ignores");
    const band = await open(server);
    expect([...(await band.readWindow(pixel))]).toEqual([131]);
    expect(server.requests).toHaveLength(1);
  });

  it("asks for nothing twice where readers want the same at once", async () => {
    await using server = await startRangeServer(createHugeCog(300));
    const band = await open(server);
    const numbers = await Promise.all(Array.from({ length: 8 }, () => band.readWindow({ ...pixel, row: 2000 })));
    expect(numbers.map(([value]) => value)).toEqual(Array.from({ length: 8 }, () => 2003));
    expect(new Set(server.requests.map(({ range }) => range)).size).toBe(server.requests.length);
  });

  it.each<[Manner, RegExp]>([
    ["unauthorized", /scene\.tif: it is behind a login \(401 Unauthorized, text\/html, saying "Please log in"\)/],
    ["missing", /it is gone \(404/],
    ["shifted", /bytes 0-32767 were asked for, its server sent "bytes 7-/],
    ["short", /its server announced \d+ bytes and sent \d+/],
    ["html", /is no TIFF: it begins with "<html><body>Welcome/],
  ])("that is %s is a typed error that says what came back", async (manner, message) => {
    await using server = await startRangeServer(await servedBlob(small), manner);
    const error: unknown = await open(server).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code: manner === "html" ? "SG_INPUT_CORRUPT" : "SG_SATELLITE_ASSET" });
    expect(String(error)).toMatch(message);
    expect(String(error)).not.toContain("secret");
  });

  it("that fails is asked again after growing pauses, then given up", async () => {
    await using server = await startRangeServer(await servedBlob(small), "failing");
    const clock = createHastyClock();
    const error: unknown = await open(server, { clock }).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(clock.pausesMs).toEqual([500, 2000, 6000]);
    expect(error).toMatchObject({ code: "SG_SATELLITE_ASSET" });
    expect(String(error)).toMatch(/its server fails \(500 Internal Server Error, text\/html, saying "Oops"\)/);
    expect(server.requests).toHaveLength(4);
  });

  it("that fails once is read all the same", async () => {
    await using server = await startRangeServer(await servedBlob(small));
    server.failures = 1;
    expect((await open(server)).grid.widthPixels).toBe(64);
    expect(server.requests).toHaveLength(2);
  });

  it("whose file is replaced while it is read is an error, never a mixture", async () => {
    await using server = await startRangeServer(createHugeCog(300), "changing");
    const band = await open(server);
    await expect(band.readWindow(pixel)).rejects.toThrow(/was replaced while it was read/);
  });

  it("is left alone when the caller gives up", async () => {
    await using server = await startRangeServer(await servedBlob(small), "failing");
    const abort = new AbortController();
    // Its first pause is the moment.
    const clock = { ...createHastyClock(), timer: (ms: number) => (ms < 60_000 && abort.abort(), () => undefined) };
    const opening = open(server, { signal: abort.signal, clock });
    await expect(opening).rejects.toMatchObject({ code: "SG_RUN_CANCELLED" });
    expect(server.requests).toHaveLength(1);
  });
});
