import { createHash } from "node:crypto";
import { link, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createErrorFactory } from "@stargate/kernel";
import { deliveryOf, emptyReceipt, openContext } from "../../test/support/connector-context.ts";
import type { EncodePayload } from "./encode-delivery.ts";
import { createFolderSink } from "./folder-sink.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "stargate-sink-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const plain: EncodePayload = (payload) => Promise.resolve({ body: String(payload.value), mediaType: "text/plain" });
const context = openContext();
const results = async (): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name !== ".stargate").toSorted((a, b) => (a < b ? -1 : 1));

describe("folder sink", () => {
  it("writes a result under the item's name with the encoding's extension", async () => {
    const sink = createFolderSink({ folder, encode: plain });
    await sink.deliver(deliveryOf("hello", "k1", "scan.jpg"), context);
    expect(await results()).toEqual(["scan.txt"]);
    expect(await readFile(join(folder, "scan.txt"), "utf8")).toBe("hello");
  });

  it.each([
    ["bytes", new Uint8Array([65, 66])],
    ["a Blob", new Blob(["AB"])],
    ["a stream", new Blob(["AB"]).stream()],
    ["text", "AB"],
  ])("writes %s", async (_name, body) => {
    const sink = createFolderSink({
      folder,
      encode: () => Promise.resolve({ body: body as string, mediaType: "application/pdf" }),
    });
    await sink.deliver(deliveryOf("", "k1", "a"), context);
    expect(await readFile(join(folder, "a.pdf"), "utf8")).toBe("AB");
  });

  it("writes the same key once, over restarts, too", async () => {
    for (const value of ["first", "second", "third"])
      await createFolderSink({ folder, encode: plain }).deliver(deliveryOf(value, "k1", "a.txt"), context);
    expect(await results()).toEqual(["a.txt"]);
    expect(await readFile(join(folder, "a.txt"), "utf8")).toBe("first");
  });

  it("never overwrites a file of another key, nor one it did not write", async () => {
    await writeFile(join(folder, "a.txt"), "mine");
    const sink = createFolderSink({ folder, encode: plain });
    await Promise.all(["one", "two", "three"].map((value) => sink.deliver(deliveryOf(value, value, "a.txt"), context)));
    expect(await results()).toEqual(["a (2).txt", "a (3).txt", "a (4).txt", "a.txt"]);
    expect(await readFile(join(folder, "a.txt"), "utf8")).toBe("mine");
  });

  it("leaves nothing behind when encoding or writing fails, and works at the next attempt", async () => {
    const fail = createErrorFactory({
      SG_TEST_FULL: { title: "Full", meaning: "Full.", solution: "Wait.", status: 503, retryable: true, public: true },
    });
    let broken = true;
    async function* torn(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("hel");
      if (broken) throw fail("SG_TEST_FULL", "disk full");
      yield Buffer.from("lo");
    }
    const sink = createFolderSink({
      folder,
      encode: () =>
        Promise.resolve({
          body: Readable.toWeb(Readable.from(torn())) as ReadableStream<Uint8Array>,
          mediaType: "text/plain",
        }),
    });
    await expect(sink.deliver(deliveryOf("", "k1", "a"), context)).rejects.toMatchObject({ code: "SG_TEST_FULL" });
    expect(await results()).toEqual([]);
    broken = false;
    await sink.deliver(deliveryOf("", "k1", "a"), context);
    expect([
      await results(),
      await readFile(join(folder, "a.txt"), "utf8"),
      await readdir(join(folder, ".stargate/writing")),
    ]).toEqual([["a.txt"], "hello", []]);
  });

  it("keeps the receipt with the mark of the delivery", async () => {
    await createFolderSink({ folder, encode: plain }).deliver(deliveryOf("x", "k1", "a.txt"), context);
    const [mark] = await readdir(join(folder, ".stargate/delivered"));
    expect(JSON.parse(await readFile(join(folder, ".stargate/delivered", mark!), "utf8"))).toEqual({
      name: "a.txt",
      receipt: emptyReceipt,
    });
  });

  it.each([
    "../../etc/passwd",
    "..\\..\\boot.ini",
    "/etc/passwd",
    "a/b/c",
    "\u0000\u0001",
    "..",
    ".hidden",
    "x".repeat(400),
    "ö".repeat(300),
    "con:aux|?*",
    "",
  ])("keeps a result with the name %j inside its folder", async (name) => {
    await createFolderSink({ folder, encode: plain }).deliver(deliveryOf("safe", "k1", name), context);
    const [written, ...others] = await results();
    expect(others).toEqual([]);
    expect(await readFile(join(folder, written!), "utf8")).toBe("safe");
  });

  it("names a result after the receipt when the item has no name", async () => {
    await createFolderSink({ folder, encode: plain }).deliver(deliveryOf("x", "k1"), context);
    expect(await results()).toEqual([`${emptyReceipt.id}.txt`]);
  });

  it("forgets marks that are older than it should remember", async () => {
    await createFolderSink({ folder, encode: plain }).deliver(deliveryOf("x", "k1", "a.txt"), context);
    const [mark] = await readdir(join(folder, ".stargate/delivered"));
    await utimes(join(folder, ".stargate/delivered", mark!), 0, 0);
    await createFolderSink({ folder, encode: plain, rememberMs: 1000 }).deliver(
      deliveryOf("x", "k2", "b.txt"),
      context,
    );
    expect(await readdir(join(folder, ".stargate/delivered"))).toHaveLength(1);
  });

  it("says which folder is missing, and looks again at the next attempt", async () => {
    const missing = join(folder, "gone");
    const sink = createFolderSink({ folder: missing, encode: plain });
    await expect(sink.deliver(deliveryOf("x", "k1"), context)).rejects.toMatchObject({
      code: "SG_CONNECTOR_FOLDER",
      retryable: true,
    });
    await expect(sink.deliver(deliveryOf("x", "k1"), context)).rejects.toMatchObject({ code: "SG_CONNECTOR_FOLDER" });
  });
});

describe("folder sink after a crash", () => {
  const key = createHash("sha256").update("k1").digest("hex");
  const at = (...path: string[]): string => join(folder, ".stargate", ...path);

  /** What each moment of a delivery leaves on disk. */
  const moments: Record<string, () => Promise<void>> = {
    "while it wrote": () => writeFile(at("writing", key), "hel"),
    "when the result was complete": () => writeFile(at("ready", key), "hello"),
    "when it had marked the result for placing": async () => {
      await writeFile(at("ready", key), "hello");
      await writeFile(at("placing", key), "{}");
    },
    "when the result had both its names": async () => {
      await writeFile(at("ready", key), "hello");
      await writeFile(at("placing", key), "{}");
      await link(at("ready", key), join(folder, "a.txt"));
    },
    "when the result was placed": async () => {
      await writeFile(at("placing", key), "{}");
      await writeFile(join(folder, "a.txt"), "hello");
    },
    "when it was done": async () => {
      await writeFile(at("delivered", key), "{}");
      await writeFile(join(folder, "a.txt"), "hello");
    },
    "twice: while it cleaned up after the first": async () => {
      await writeFile(at("ready", key), "hello"); // the mark goes first
    },
  };

  it.each(Object.keys(moments))("has the result once when it was killed %s", async (moment) => {
    for (const place of ["writing", "ready", "placing", "delivered"]) await mkdir(at(place), { recursive: true });
    await moments[moment]?.();
    await createFolderSink({ folder, encode: plain }).deliver(deliveryOf("hello", "k1", "a.txt"), context);
    expect(await results()).toEqual(["a.txt"]);
    expect(await readFile(join(folder, "a.txt"), "utf8")).toBe("hello");
    const left = await Promise.all(["writing", "ready", "placing", "delivered"].map((place) => readdir(at(place))));
    expect(left).toEqual([[], [], [], [key]]);
  });
});
