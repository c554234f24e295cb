import { isStargateError } from "@stargate/kernel";
import { deflateSync } from "node:zlib";
import { crc32 } from "node:zlib";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { writeBmp, writePgm, writeTiff } from "../../../../../test/support/image-writers.ts";
import { writePdf } from "../../../../../test/support/pdf-writer.ts";
import { readWithOcr } from "../../../../../test/support/read-with-ocr.ts";

/** A PNG that claims a size; its pixels are one row of zeros at most. */
function pngOfSize(widthPixels: number, heightPixels: number): Uint8Array<ArrayBuffer> {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(widthPixels, 0);
  header.writeUInt32BE(heightPixels, 4);
  header.set([1, 0, 0, 0, 0], 8);
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    checksum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, checksum]);
  };
  const pixels = deflateSync(Buffer.alloc((Math.ceil(widthPixels / 8) + 1) * heightPixels));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return new Uint8Array(
    Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", pixels), chunk("IEND", Buffer.alloc(0))]),
  );
}

function noisyImage(): { data: Uint8Array; widthPixels: number; heightPixels: number } {
  return {
    data: Uint8Array.from({ length: 200 * 100 }, (_, index) => (index * 7919) % 256),
    widthPixels: 200,
    heightPixels: 100,
  };
}

function cut(bytes: Uint8Array, share = 0.6): Uint8Array<ArrayBuffer> {
  return bytes.slice(0, Math.floor(bytes.length * share)) as Uint8Array<ArrayBuffer>;
}

async function encodeWith(format: "png" | "jpeg" | "webp" | "gif"): Promise<Uint8Array<ArrayBuffer>> {
  const { data, widthPixels, heightPixels } = noisyImage();
  return new Uint8Array(
    await sharp(data, { raw: { width: widthPixels, height: heightPixels, channels: 1 } })
      .toFormat(format)
      .toBuffer(),
  );
}

const ascii = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text, "latin1"));

interface BadInput {
  readonly name: string;
  readonly bytes: () => Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>;
  readonly code: string;
}

const wide = { widthPoints: 14_173, heightPoints: 14_173 }; // 5 m
const text = [{ text: "Hello", x: 50, y: 50 }];

const cases: readonly BadInput[] = [
  { name: "zero bytes", bytes: () => new Uint8Array(0), code: "SG_INPUT_EMPTY" },
  { name: "something else", bytes: () => ascii("MZ\u0090\u0000 not a document"), code: "SG_INPUT_UNRECOGNISED" },
  {
    name: "an encrypted PDF",
    bytes: () => writePdf([{ texts: text }], { encrypted: true }),
    code: "SG_INPUT_ENCRYPTED",
  },
  { name: "a truncated PDF", bytes: () => cut(writePdf([{ texts: text }, { texts: text }])), code: "SG_INPUT_CORRUPT" },
  { name: "a PDF header alone", bytes: () => ascii("%PDF-1.7\n"), code: "SG_INPUT_CORRUPT" },
  {
    name: "a PDF header and end mark alone",
    bytes: () => ascii("%PDF-1.7\nstartxref\n0\n%%EOF\n"),
    code: "SG_INPUT_CORRUPT",
  },
  { name: "a PDF without pages", bytes: () => writePdf([]), code: "SG_INPUT_CORRUPT" },
  {
    name: "a PDF page of 5 m without text layer",
    bytes: () => writePdf([{ ...wide, raw: "0 0 14173 7000 re f" }]),
    code: "SG_INPUT_TOO_LARGE",
  },
  { name: "a PNG of 15,000 x 15,000", bytes: () => pngOfSize(15_000, 15_000), code: "SG_INPUT_TOO_LARGE" },
  { name: "a truncated PNG", bytes: async () => cut(await encodeWith("png")), code: "SG_INPUT_CORRUPT" },
  {
    name: "a PNG signature alone",
    bytes: () => new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    code: "SG_INPUT_CORRUPT",
  },
  { name: "a truncated JPEG", bytes: async () => cut(await encodeWith("jpeg")), code: "SG_INPUT_CORRUPT" },
  { name: "a JPEG start alone", bytes: () => new Uint8Array([0xff, 0xd8, 0xff, 0xe0]), code: "SG_INPUT_CORRUPT" },
  { name: "a truncated WebP", bytes: async () => cut(await encodeWith("webp")), code: "SG_INPUT_CORRUPT" },
  { name: "a WebP header alone", bytes: () => ascii("RIFF\u0010\u0000\u0000\u0000WEBP"), code: "SG_INPUT_CORRUPT" },
  { name: "a truncated GIF", bytes: async () => cut(await encodeWith("gif")), code: "SG_INPUT_CORRUPT" },
  { name: "a GIF header alone", bytes: () => ascii("GIF89a"), code: "SG_INPUT_CORRUPT" },
  { name: "a truncated TIFF", bytes: () => cut(writeTiff([noisyImage()])), code: "SG_INPUT_CORRUPT" },
  {
    name: "a TIFF header alone",
    bytes: () => new Uint8Array([0x49, 0x49, 42, 0, 8, 0, 0, 0]),
    code: "SG_INPUT_CORRUPT",
  },
  { name: "a truncated BMP", bytes: () => cut(writeBmp(noisyImage())), code: "SG_INPUT_CORRUPT" },
  { name: "a truncated PGM", bytes: () => cut(writePgm(noisyImage())), code: "SG_INPUT_CORRUPT" },
  {
    name: "a PGM header that claims 15,000 x 15,000",
    bytes: () => ascii("P5 15000 15000 255 "),
    code: "SG_INPUT_TOO_LARGE",
  },
];

describe("bad input is refused with a code, a hint and a status the caller can act on", () => {
  test.each(cases)("$name is $code", async ({ bytes, code }) => {
    const error: unknown = await readWithOcr(await bytes()).catch((reason: unknown) => reason);
    expect(isStargateError(error)).toBe(true);
    expect(error).toMatchObject({ code, public: true });
    const { status, hint } = error as { status: number; hint: string };
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(hint.length).toBeGreaterThan(10);
  });

  test("the content wins over a wrong name and media type", async () => {
    const { value } = await readWithOcr(writePdf([{ texts: text }]), {}, { name: "photo.jpg" });
    expect(value.pages[0]?.origin).toBe("text-layer");
    expect(value.source?.mediaType).toBe("application/pdf");
  });

  test("the large PNG is refused by its header: nothing of its 225 million pixels is decoded", async () => {
    const before = process.memoryUsage().rss;
    await expect(readWithOcr(pngOfSize(15_000, 15_000))).rejects.toMatchObject({
      message: expect.stringContaining("15000 x 15000"),
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });
});
