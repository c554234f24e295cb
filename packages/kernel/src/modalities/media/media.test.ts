import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AnyModality, CodecContext } from "../../contract/modality.ts";
import { isStargateError } from "../../errors/stargate-error.ts";
import { document, image, sharedModalities } from "../index.ts";
import { bigTiff, bytesOf, smallestMedia, webpExtended, webpLossless } from "../test-media.fixture.ts";
import { readImageHeader } from "./image-header.ts";
import { sniffImage, sniffPdf } from "./magic.ts";

const context: CodecContext = {
  signal: new AbortController().signal,
  offload: () => Promise.reject(new TypeError("no offload here")),
};
const images = Object.entries(smallestMedia).filter(([mediaType]) => mediaType !== "application/pdf");
const sniffed = (modality: AnyModality, bytes: Uint8Array, sizeBytes = bytes.length) =>
  modality.sniff?.(bytes, sizeBytes);
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "no error",
    (error: unknown) => (isStargateError(error) ? error.code : String(error)),
  );

describe("sniffing of media", () => {
  it.each(Object.entries(smallestMedia))("is certain about %s", (mediaType, bytes) => {
    expect(sniffed(document, bytes)).toEqual({ mediaType, confidence: 1 });
  });

  it.each(images)("recognises %s as an image, too", (mediaType, bytes) => {
    expect(sniffed(image, bytes)).toEqual({ mediaType, confidence: 1 });
  });

  it("takes no PDF for an image", () => {
    expect(sniffed(image, smallestMedia["application/pdf"] ?? bytesOf(""))).toBeUndefined();
  });

  it("recognises BigTIFF", () => {
    expect(sniffImage(bigTiff, bigTiff.length)?.mediaType).toBe("image/tiff");
  });

  it.each([
    ["at the very beginning", "", 1],
    ["behind a byte order mark", "\u00ef\u00bb\u00bf", 1],
    ["behind lines of junk", "HTTP/1.1 200 OK\r\n\r\n", 0.9],
    ["as late as byte 1,016", `${"\0".repeat(1015)}\n`, 0.9],
    ["quoted in the middle of a sentence", "A file begins with ", undefined],
    ["behind the first 1,024 bytes", `${"\0".repeat(1024)}\n`, undefined],
  ])("finds a PDF header %s", (_place, before, confidence) => {
    expect(sniffPdf(bytesOf(`${before}%PDF-1.4\n`))?.confidence).toBe(confidence);
  });

  it.each([
    ["text that begins with BM", "BM is the sign of a bitmap, but this is a sentence."],
    ["text that begins with P5", "P5 is a pixel format of Netpbm"],
    ["RIFF that is a sound", "RIFF\0\0\0\0WAVEfmt "],
    ["a cut signature", "\u0089PNG\r\n"],
    ["nothing", ""],
  ])("does not take %s for an image", (_what, text) => {
    expect(sniffImage(bytesOf(text), text.length)).toBeUndefined();
  });

  it("never throws and never exceeds its bounds, whatever the bytes", () => {
    const signatures = fc.constantFrom(
      new Uint8Array(0),
      ...Object.values(smallestMedia),
      bytesOf("{"),
      bytesOf("[["),
      bytesOf("a,b\n1,2\n"),
      bytesOf('"'),
    );
    fc.assert(
      fc.property(
        signatures,
        fc.nat(40),
        fc.uint8Array({ maxLength: 4096 }),
        fc.nat(10_000),
        (signature, kept, rest, more) => {
          const head = Uint8Array.of(...signature.subarray(0, kept), ...rest).subarray(0, 4096);
          for (const modality of sharedModalities) {
            const found = modality.sniff?.(head, head.length + more) ?? { confidence: 0, mediaType: "a/b" };
            expect(found.confidence >= 0 && found.confidence <= 1 && found.mediaType.includes("/")).toBe(true);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe("media headers", () => {
  it.each([...images, ["image/tiff", bigTiff], ["image/webp", webpLossless], ["image/webp", webpExtended]] as const)(
    "give width and height of %s",
    async (mediaType, bytes) => {
      expect(await readImageHeader(new Blob([bytes]), mediaType)).toMatchObject({ widthPixels: 7, heightPixels: 5 });
    },
  );

  it.each(images)("of %s are refused when they are cut", async (mediaType, bytes) => {
    const codes = await Promise.all(
      [8, 10].map((length) =>
        codeOf(readImageHeader(new Blob([bytes.subarray(0, Math.min(length, bytes.length - 6))]), mediaType)),
      ),
    );
    expect(codes).toEqual(["SG_INPUT_CORRUPT", "SG_INPUT_CORRUPT"]);
  });

  it("never fail with anything but SG_INPUT_CORRUPT, whatever follows the signature", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...images, ["image/tiff", bigTiff] as const),
        fc.nat(40),
        fc.uint8Array({ maxLength: 300 }),
        async ([mediaType, bytes], kept, rest) => {
          const code = await codeOf(readImageHeader(new Blob([bytes.slice(0, kept), rest]), mediaType));
          expect(["no error", "SG_INPUT_CORRUPT"]).toContain(code);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("are read without touching the rest of a large file", async () => {
    let read = 0;
    class Counted extends Blob {
      override slice(start = 0, end = this.size, type?: string): Blob {
        read += end - start;
        return super.slice(start, end, type);
      }
    }
    await readImageHeader(new Counted([smallestMedia["image/jpeg"] ?? "", new Uint8Array(50_000_000)]), "image/jpeg");
    expect(read).toBeLessThan(100);
  });
});

describe("document and image", () => {
  it("keep the file as it is and know what the header says", async () => {
    const bytes = smallestMedia["image/png"] ?? bytesOf("");
    const value = await image.codecs["image/png"]?.decode?.(new Blob([bytes]), { ...context, name: "scan.png" });
    expect(value).toMatchObject({ mediaType: "image/png", name: "scan.png" });
    expect(value?.blob.type).toBe("image/png");
    expect(value && [image.measureOf(value), document.measureOf(value)]).toEqual([35, 1]);
    expect(value && document.describe(value)).toEqual({
      mediaType: "image/png",
      bytes: bytes.length,
      widthPixels: 7,
      heightPixels: 5,
      pages: 1,
    });
  });

  it("measure nothing before the header is read, and no pages of a PDF", async () => {
    const unread = { blob: new Blob([smallestMedia["image/tiff"] ?? ""]), mediaType: "image/tiff" };
    expect([image.measureOf(unread), document.measureOf(unread)]).toEqual([undefined, undefined]);
    const pdf = await document.codecs["application/pdf"]?.decode?.(
      new Blob([smallestMedia["application/pdf"] ?? ""]),
      context,
    );
    expect(pdf && document.measureOf(pdf)).toBeUndefined();
  });

  it("are written only as what they are", async () => {
    const value = { blob: new Blob(["%PDF-1.7"]), mediaType: "application/pdf" };
    expect(document.codecs["application/pdf"]?.canEncode?.(value)).toBe(true);
    expect(document.codecs["image/png"]?.canEncode?.(value)).toBe(false);
    expect(await codeOf(Promise.resolve().then(() => document.codecs["image/png"]?.encode?.(value, context)))).toBe(
      "SG_OUTPUT_NOT_ACCEPTABLE",
    );
  });
});
