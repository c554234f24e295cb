import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFakeClock } from "@stargate/kernel/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sha256Of, startModelServer, type ModelServer, type Served } from "../../../../../test/support/model-server.ts";
import {
  createHurriedClock,
  flipped,
  modelBytes,
  refusalOf,
  type HurriedClock,
} from "../../../test/store/store-kit.ts";
import { downloadFile, type DownloadOptions } from "./download-file.ts";
import { openPartialFile, type PartialFile } from "./partial-file.ts";

const body = modelBytes(200_000);
const limits = { maxFileBytes: 10_000_000, stallMs: 30_000, maxFailures: 4 };

let server: ModelServer;
let folder: string;
let partial: PartialFile;
let clock: HurriedClock;
beforeEach(async () => {
  server = await startModelServer();
  folder = await mkdtemp(join(tmpdir(), "stargate-download-"));
  partial = await openPartialFile(folder, new AbortController().signal);
  clock = createHurriedClock();
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await partial.close();
  await rm(folder, { recursive: true });
});

function serve(path: string, served: Partial<Served> = {}): string {
  server.files.set(path, { body, ...served });
  return server.url(path);
}

function download(urls: readonly string[], options: Partial<DownloadOptions> = {}): Promise<string> {
  return downloadFile({
    what: 'File "m.onnx" of model "m"',
    urls,
    partial,
    sha256: sha256Of(body),
    sizeBytes: body.length,
    limits,
    fetch: (input, init) => fetch(input, init),
    clock,
    signal: new AbortController().signal,
    reserve: () => Promise.resolve(),
    onBytes: (doneBytes) => server.received(doneBytes),
    ...options,
  });
}

const written = (): Promise<Buffer> => readFile(partial.path);

describe("a download", () => {
  test("brings every byte and says how far it is", async () => {
    const seen: [number, number | null][] = [];
    const url = serve("/m");
    expect(await download([url], { onBytes: (done, total) => seen.push([done, total]) })).toBe(url);
    expect(await written()).toEqual(body);
    expect(seen.at(-1)).toEqual([body.length, body.length]);
  });

  test("asks for the bytes as they are, not packed", async () => {
    let encoding: string | null = null;
    const url = serve("/m");
    await download([url], {
      fetch: (input, init) => {
        encoding = new Headers(init?.headers).get("accept-encoding");
        return fetch(input, init);
      },
    });
    expect(encoding).toBe("identity");
  });

  test("goes on where broken connections ended, and only there", async () => {
    const url = serve("/m", { cuts: [50_000, 50_000, 50_000] });
    await download([url]);
    expect(await written()).toEqual(body);
    expect(server.asked.map(({ range }) => range)).toEqual([
      undefined,
      "bytes=50000-",
      "bytes=100000-",
      "bytes=150000-",
    ]);
    expect(server.asked[1]?.ifRange).toMatch(/^"[0-9a-f]{16}"$/);
    expect(server.sentBytes()).toBe(body.length);
  });

  test("goes on with what another process got", async () => {
    const url = serve("/m", { cuts: [60_000] });
    const gaveUp = download([url], { limits: { ...limits, maxFailures: 1 } });
    expect((await refusalOf(gaveUp)).code).toBe("SG_MODEL_DOWNLOAD");
    await partial.close();
    partial = await openPartialFile(folder, new AbortController().signal);
    expect(partial.sizeBytes).toBe(60_000);
    await download([url]);
    expect(await written()).toEqual(body);
    expect(server.asked.at(-1)?.range).toBe("bytes=60000-");
  });

  test("starts over when the content has changed since", async () => {
    const url = serve("/m", { body: flipped(body), cuts: [60_000] });
    await refusalOf(download([url], { limits: { ...limits, maxFailures: 1 } }));
    serve("/m");
    await download([url]);
    expect(await written()).toEqual(body);
  });

  test("starts over at a server that knows no ranges", async () => {
    const url = serve("/m", { ranges: false, cuts: [60_000, 60_000] });
    await download([url]);
    expect(await written()).toEqual(body);
  });

  test("tries once more in one go when pieces do not make the file", async () => {
    const first = serve("/old", { body: flipped(body, 10), etag: null, cuts: [60_000] });
    await refusalOf(download([first], { limits: { ...limits, maxFailures: 1 } }));
    await download([serve("/new", { etag: null })]);
    expect(await written()).toEqual(body);
    expect(server.asked.map(({ path, range }) => [path, range !== undefined])).toEqual([
      ["/old", false],
      ["/new", true],
      ["/new", false],
    ]);
  });

  test("without a digest, goes on only with bytes that the server recognises", async () => {
    const anyBytes = { sha256: null, sizeBytes: null };
    const url = serve("/m", { etag: null, cuts: [60_000] });
    await download([url], anyBytes);
    expect(server.asked.map(({ range }) => range)).toEqual([undefined, undefined]);
    expect(await written()).toEqual(body);
  });

  test("asks the next address when one does not have it, or has other bytes", async () => {
    const good = serve("/good");
    expect(await download([server.url("/none"), serve("/bad", { body: flipped(body) }), good])).toBe(good);
    expect(server.asked.map(({ path }) => path)).toEqual(["/none", "/bad", "/good"]);
  });

  test("goes on at the next address with the bytes of the one before", async () => {
    const first = serve("/first", { cuts: [60_000] });
    await download([first, serve("/second")], { limits: { ...limits, maxFailures: 1 } });
    expect(server.asked.at(-1)?.range).toBe("bytes=60000-");
    expect(await written()).toEqual(body);
  });

  test("waits as long as a busy server says, else longer each time", async () => {
    const url = serve("/m", {
      statuses: [{ status: 503, headers: { "retry-after": "7" } }, { status: 429 }, { status: 500 }],
    });
    await download([url]);
    expect(clock.pauses).toEqual([7000, 1000, 2000]);
  });

  test("gives an address up after so many failures without a byte", async () => {
    const url = serve("/m", { statuses: Array.from({ length: 9 }, () => ({ status: 502 })) });
    expect(await refusalOf(download([url]))).toMatchObject({
      code: "SG_MODEL_DOWNLOAD",
      message: `File "m.onnx" of model "m" could not be downloaded: ${url}: HTTP 502 (4 tries)`,
    });
    expect(server.asked).toHaveLength(4);
  });

  test("says what each address did, without what its query may hide", async () => {
    const url = `${server.url("/none")}?token=secret`;
    const { message } = await refusalOf(download([url, "http://127.0.0.1:1/m"]));
    expect(message).toContain(`${server.url("/none")}: HTTP 404; http://127.0.0.1:1/m: fetch failed`);
    expect(message).not.toContain("secret");
  });

  test("gives up an answer that stops coming, and asks again", async () => {
    const fake = createFakeClock();
    const url = serve("/m", { stalls: [60_000] });
    const stalled = server.stalled();
    const done = download([url], { clock: fake });
    await stalled;
    await expect.poll(() => partial.sizeBytes).toBe(60_000);
    await fake.advance(30_000);
    await expect.poll(() => fake.pendingTimers).toBe(1);
    await fake.advance(500);
    await done;
    expect(await written()).toEqual(body);
    expect(server.asked.at(-1)?.range).toBe("bytes=60000-");
  });

  test("ends at once when the caller gives up, and keeps what came", async () => {
    const abort = new AbortController();
    const url = serve("/m", { stalls: [60_000] });
    const done = download([url], { signal: abort.signal });
    await server.stalled();
    await expect.poll(() => partial.sizeBytes).toBe(60_000);
    abort.abort();
    expect((await refusalOf(done)).code).toBe("SG_RUN_CANCELLED");
    expect(partial.sizeBytes).toBe(60_000);
  });
});

describe("a download refuses", () => {
  test("other bytes, and names both digests", async () => {
    const actual = sha256Of(flipped(body));
    const url = serve("/m", { body: flipped(body) });
    await expect(download([url])).rejects.toMatchObject({
      code: "SG_MODEL_DIGEST",
      message: `File "m.onnx" of model "m" came with other bytes than it must have (sha256 ${sha256Of(body)}): ${url}: its sha256 is ${actual}`,
      details: { expected: sha256Of(body), actual },
    });
    expect(await written()).toHaveLength(0);
  });

  test("a page that says sorry with status 200", async () => {
    const url = serve("/m", { body: Buffer.from("<html>Sorry</html>") });
    expect(await refusalOf(download([url]))).toMatchObject({
      code: "SG_MODEL_DOWNLOAD",
      message: expect.stringContaining("it has 18 bytes or more, the file has 200000") as string,
    });
  });

  test("a file without end", async () => {
    const url = serve("/m", { body: Buffer.concat([body, body]), chunked: true });
    const { message } = await refusalOf(download([url]));
    expect(message).toContain("bytes or more, the file has 200000");
  });

  test("more than the operator allows", async () => {
    const small = { limits: { ...limits, maxFileBytes: 1000 }, sizeBytes: null };
    expect(await refusalOf(download([serve("/m")], small))).toMatchObject({
      code: "SG_MODEL_TOO_LARGE",
      hint: "Raise models.maxFileBytes.",
    });
    expect((await refusalOf(download([serve("/m", { chunked: true })], small))).code).toBe("SG_MODEL_TOO_LARGE");
  });

  test("what has no place on the disk, before it begins", async () => {
    const full = () => Promise.reject(new RangeError("full"));
    await expect(download([serve("/m")], { reserve: full })).rejects.toThrow("full");
    expect(partial.sizeBytes).toBe(0);
  });
});
