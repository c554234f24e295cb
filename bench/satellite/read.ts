import { createPortableHost, type GatedFetch } from "@stargate/kernel";
import {
  type RangeServer,
  servedBlob,
  startRangeServer,
} from "../../packages/adapters/satellite/src/http/testing-support/range-server.ts";
import { openBand, type OpenBand } from "../../packages/adapters/satellite/src/read/open-band.ts";
import { createHugeCog } from "../../packages/adapters/satellite/src/read/testing-support/huge-cog.ts";
import { makeTiff } from "../../packages/adapters/satellite/src/read/testing-support/make-tiff.ts";
import { startNode } from "../support/child-process.ts";
import { interleave } from "../support/interleave.ts";
import { type BenchResult, result } from "../support/result.ts";

const MIB = 1024 * 1024;
const WINDOW = 256;
/** Pixels along a side of the file whose windows are timed. */
const SIDE = 2048;

const { offload } = createPortableHost();
const plainFetch: GatedFetch = (input, init) => fetch(input, init);
const context = { fetch: plainFetch, offload, signal: new AbortController().signal };

const open = ({ href }: RangeServer): Promise<OpenBand> =>
  openBand({ name: "b", holds: "other", sample: 0, source: { kind: "remote", href } }, context);

/**
 * What reading from a server costs: bytes and memory of a file of a million tiles, requests and time of a window of 256 pixels,
 * beside one request of as many bytes.
 */
export async function measureReading(note: (message: string) => void): Promise<readonly BenchResult[]> {
  note("reading: a file of a million tiles");
  return [...(await measureMillionTiles()), ...(await measureWindows(note))];
}

async function measureMillionTiles(): Promise<readonly BenchResult[]> {
  await using server = await startRangeServer(createHugeCog(1000));
  await open(server);
  const openedBytes = server.requests.reduce((sum, { bytes }) => sum + bytes, 0);
  const program = new URL("processes/open-huge-cog.ts", import.meta.url).pathname;
  await using child = await startNode(program, { arguments: [server.href], nodeArguments: ["--expose-gc"] });
  await using wide = await startRangeServer(createHugeCog(1000, { tilePixels: WINDOW }));
  const band = await open(wide);
  await band.readWindow({ column: 128_100, row: 200_050, widthPixels: WINDOW, heightPixels: WINDOW });
  return [
    result("10^6 tiles: read to open", openedBytes / 1e6, "MB", { goal: "<= 1" }),
    result("10^6 tiles: kept when open", Number(child.ready["opened"]) / MIB, "MiB", { goal: "<= 20" }),
    result("10^6 tiles: kept after 200 windows", Number(child.ready["used"]) / MIB, "MiB", { goal: "<= 20" }),
    result("10^6 tiles: requests of a window of 256, cold", wide.requests.length, "requests", { goal: "<= 4" }),
  ];
}

async function measureWindows(note: (message: string) => void): Promise<readonly BenchResult[]> {
  note("reading: windows of 256 pixels over HTTP");
  let seed = 7;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const samples = [Uint16Array.from({ length: SIDE * SIDE }, (_, index) => 2000 + (index % SIDE) + random(300))];
  const blob = makeTiff({
    widthPixels: SIDE,
    heightPixels: SIDE,
    dtype: "uint16",
    tile: [WINDOW, WINDOW],
    compression: "deflate",
    predictor: 2,
    samples,
    grid: { crs: "EPSG:32633", affine: [10, 0, 500_000, 0, -10, 5_000_000] },
  });
  await using server = await startRangeServer(await servedBlob(blob));
  const window = (): Parameters<OpenBand["readWindow"]>[0] => ({
    column: random(SIDE - WINDOW),
    row: random(SIDE - WINDOW),
    widthPixels: WINDOW,
    heightPixels: WINDOW,
  });
  const cold = await open(server);
  await cold.readWindow(window());
  const coldRequests = server.requests.length;
  const bytes = server.requests.reduce((sum, request) => sum + request.bytes, 0);
  const kept = await open(server);
  const times = await interleave(
    [
      { name: "cold", call: async () => (await open(server)).readWindow(window()) },
      { name: "open", call: () => kept.readWindow(window()) },
      {
        name: "plain",
        call: async () => (await fetch(server.href, { headers: { range: `bytes=0-${bytes - 1}` } })).arrayBuffer(),
      },
    ],
    { rounds: 7, callsPerRound: 20 },
  );
  const plain = (times.get("plain") ?? 0) / 1000;
  return [
    result("window of 256, cold: requests", coldRequests, "requests", { goal: "<= 4" }),
    result("window of 256, cold: p50", (times.get("cold") ?? 0) / 1000, "ms", { baseline: plain }),
    result("window of 256, file open: p50", (times.get("open") ?? 0) / 1000, "ms", { baseline: plain }),
  ];
}
