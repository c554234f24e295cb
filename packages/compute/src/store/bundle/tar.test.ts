import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { refusalOf } from "../../../test/store/store-kit.ts";
import { readTar, type TarFile } from "./tar-reader.ts";
import { writeTar } from "./tar-writer.ts";

interface Entry {
  readonly name: string;
  readonly body: Uint8Array;
}

async function pack(entries: readonly Entry[]): Promise<Buffer> {
  const files = entries.map(({ name, body }) => ({ name, sizeBytes: body.byteLength, body: [body] }));
  return Buffer.concat(await Array.fromAsync(writeTar(files)));
}

/** Reads an archive that comes in pieces of `pieceBytes`. */
async function unpack(archive: Uint8Array, pieceBytes = 1000, isRead = (_file: TarFile) => true): Promise<Entry[]> {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < archive.length; at += pieceBytes) yield archive.subarray(at, at + pieceBytes);
  }
  const entries: Entry[] = [];
  for await (const file of readTar(pieces()))
    if (isRead(file)) entries.push({ name: file.name, body: Buffer.concat(await Array.fromAsync(file.body)) });
  return entries;
}

const name = fc.stringMatching(/^[a-z0-9/._-]{1,100}$/).filter((text) => !/^(\.\/)/.test(text));
const entry = fc.record({ name, body: fc.uint8Array({ maxLength: 1500 }) });

describe("a tar archive", () => {
  test("gives back what was put in, however it comes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 5 }), fc.integer({ min: 1, max: 3000 }), async (entries, piece) => {
        const read = await unpack(await pack(entries), piece);
        expect(read.map(({ body, ...rest }) => ({ ...rest, body: [...body] }))).toEqual(
          entries.map(({ body, ...rest }) => ({ ...rest, body: [...body] })),
        );
      }),
      { numRuns: 60 },
    );
  });

  test("is the same for the same files", async () => {
    const entries = [{ name: "a", body: Buffer.from("text") }];
    expect(await pack(entries)).toEqual(await pack(entries));
  });

  test("passes over what nobody reads", async () => {
    const entries = ["a", "b", "c"].map((text) => ({ name: text, body: Buffer.alloc(700, text) }));
    const read = await unpack(await pack(entries), 100, (file) => file.name === "c");
    expect(read).toEqual([entries[2]]);
  });

  test("holds files of 8 GiB and more", async () => {
    const sizeBytes = 2 ** 33 + 5;
    const chunk = new Uint8Array(2 ** 24);
    function* body() {
      for (let left = sizeBytes; left > 0; left -= chunk.length) yield chunk.subarray(0, Math.min(left, chunk.length));
    }
    const files: [string, number][] = [];
    const archive = writeTar([
      { name: "large", sizeBytes, body: body() },
      { name: "after", sizeBytes: 1, body: [new Uint8Array(1)] },
    ]);
    for await (const file of readTar(archive)) files.push([file.name, file.sizeBytes]);
    expect(files).toEqual([
      ["large", sizeBytes],
      ["after", 1],
    ]);
  });
});

describe("the tar of this machine", () => {
  const folder = mkdtempSync(join(tmpdir(), "stargate-tar-"));
  const tar = (...args: string[]) => execFileSync("tar", args, { cwd: folder, encoding: "utf8", timeout: 10_000 });
  const hasTar = (() => {
    try {
      return execFileSync("tar", ["--version"], { encoding: "utf8", timeout: 10_000 }).length > 0;
    } catch {
      return false;
    }
  })();

  test("reads what is written here", async (context) => {
    context.skip(!hasTar, "there is no tar on this machine");
    writeFileSync(join(folder, "ours.tar"), await pack([{ name: "blobs/a", body: Buffer.from("bytes of a") }]));
    tar("-xf", "ours.tar");
    expect(readFileSync(join(folder, "blobs/a"), "utf8")).toBe("bytes of a");
  });

  test.for(["ustar", "pax"])(
    "writes %s archives that are read here, folders and ./ included",
    async (format, context) => {
      context.skip(!hasTar, "there is no tar on this machine");
      const long = `${"deep/".repeat(25)}file`; // longer than the name field
      execFileSync("mkdir", ["-p", join(folder, format, "deep/".repeat(25))]);
      writeFileSync(join(folder, format, long), "bytes");
      tar("-cf", `${format}.tar`, `--format=${format}`, "-C", join(folder, format), "./");
      expect(await unpack(readFileSync(join(folder, `${format}.tar`)))).toEqual([
        { name: long, body: Buffer.from("bytes") },
      ]);
      rmSync(join(folder, format), { recursive: true });
    },
  );

  test("puts links into archives, which are refused", async (context) => {
    context.skip(!hasTar, "there is no tar on this machine");
    execFileSync("ln", ["-sf", "/etc/passwd", join(folder, "link")]);
    tar("-cf", "link.tar", "link");
    expect(await refusalOf(unpack(readFileSync(join(folder, "link.tar"))))).toMatchObject({
      code: "SG_MODEL_BUNDLE",
      message: 'This is no whole tar archive: "link" is no plain file',
    });
    rmSync(folder, { recursive: true });
  });
});

describe("what is no whole archive is refused", () => {
  test("at whatever byte it ends", async () => {
    const archive = await pack([{ name: "a", body: Buffer.alloc(600) }]);
    const end = 3 * 512; // header and body; the empty blocks after them only say so
    for (const length of [0, 1, 511, 512, 513, 1111, end - 1, end, end + 511])
      expect(await refusalOf(unpack(archive.subarray(0, length)))).toMatchObject({
        code: "SG_MODEL_BUNDLE",
        message: "This is no whole tar archive: it ends in the middle of a file",
      });
  });

  test("when it is something else", async () => {
    expect((await refusalOf(unpack(Buffer.alloc(2000, "PK")))).message).toContain("no ustar header");
  });

  test("when a bit of a header is flipped", async () => {
    const archive = await pack([{ name: "a", body: Buffer.alloc(600) }]);
    // In the checksum itself some flips only change how its number is written.
    const position = fc.integer({ min: 0, max: 511 }).filter((at) => at < 148 || at > 155);
    await fc.assert(
      fc.asyncProperty(position, fc.integer({ min: 0, max: 7 }), async (at, bit) => {
        const damaged = Buffer.from(archive);
        damaged[at] = (damaged[at] ?? 0) ^ (1 << bit);
        expect((await refusalOf(unpack(damaged))).code).toBe("SG_MODEL_BUNDLE");
      }),
    );
  });

  test("when a pax header would fill the memory", async () => {
    const archive = await pack([{ name: "pax", body: Buffer.alloc(100_000) }]);
    archive[156] = "x".charCodeAt(0);
    const sum = archive
      .subarray(0, 512)
      .reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte), 0);
    archive.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    expect((await refusalOf(unpack(archive))).message).toContain("a pax header has 100000 bytes");
  });
});
