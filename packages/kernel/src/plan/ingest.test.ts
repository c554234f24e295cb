import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { CodecContext } from "../contract/modality.ts";
import { defineAdapter } from "../define/define-adapter.ts";
import { defineModality } from "../define/define-modality.ts";
import { isStargateError } from "../errors/stargate-error.ts";
import { smallestMedia } from "../modalities/test-media.fixture.ts";
import { createRegistry } from "../registry/create-registry.ts";
import { acceptedText } from "./accepted-types.ts";
import { ingest, type IngestOptions } from "./ingest.ts";
import { sniff } from "./sniff.ts";

const registry = createRegistry([]);
const context: CodecContext = {
  signal: new AbortController().signal,
  offload: () => Promise.reject(new TypeError("no offload here")),
};
const png = new Blob([smallestMedia["image/png"] ?? ""]);
const pdf = new Blob([smallestMedia["application/pdf"] ?? ""]);
const noise = new Blob([Uint8Array.of(0, 1, 2, 3, 0xff, 0xfe, 0)]);
const csv = new Blob(["a,b\n1,2\n"]);

const read = async (blob: Blob, options: Partial<IngestOptions> = {}) => {
  try {
    const { modality, mediaType, contradicts } = await ingest(registry, blob, { context, ...options });
    return `${modality} as ${mediaType}${contradicts === undefined ? "" : `, not ${contradicts}`}`;
  } catch (error) {
    return isStargateError(error) ? `${error.code}: ${error.message}` : String(error);
  }
};

describe("sniff", () => {
  it("lists what the bytes may be, the most certain first", async () => {
    expect((await sniff(registry, png)).map(({ modality, confidence }) => [modality, confidence])).toEqual([
      ["document", 1],
      ["image", 1],
      ["bytes", 0],
    ]);
    expect((await sniff(registry, csv)).map(({ modality }) => modality)).toEqual(["table", "text", "bytes"]);
  });

  it("survives an adapter whose sniffer throws", async () => {
    const broken = defineModality({
      id: "broken",
      summary: "broken",
      schema: z.string(),
      measure: "none",
      codecs: {},
      sniff: () => {
        throw new TypeError("on purpose");
      },
    });
    const adapter = defineAdapter({ spec: 1, id: "demo", version: "1.0.0", summary: "demo", modalities: [broken] });
    expect((await sniff(createRegistry([adapter]), png)).map(({ modality }) => modality)).toEqual([
      "document",
      "image",
      "bytes",
    ]);
  });
});

describe("ingest", () => {
  it.each<[string, Blob, Partial<IngestOptions>, string]>([
    ["content without a declared type", pdf, {}, "document as application/pdf"],
    [
      "content that agrees with the declared type",
      pdf,
      { declaredType: "application/pdf; name=x" },
      "document as application/pdf",
    ],
    ["an alias of the type", png, { declaredType: "IMAGE/X-PNG" }, "document as image/png"],
    [
      "content that contradicts the declared type",
      png,
      { declaredType: "application/pdf" },
      "document as image/png, not application/pdf",
    ],
    ["content declared as text", pdf, { declaredType: "text/plain" }, "document as application/pdf, not text/plain"],
    ["curl's default type", pdf, { declaredType: "application/x-www-form-urlencoded" }, "document as application/pdf"],
    ["an image where only images are taken", png, { as: ["image"] }, "image as image/png"],
    ["text", new Blob(["hello"]), {}, "text as text/plain"],
    [
      "text declared as Markdown",
      new Blob(["# hello"]),
      { declaredType: "text/markdown; charset=utf-8" },
      "text as text/markdown",
    ],
    [
      "text of an unknown kind of text",
      new Blob(["2026 started"]),
      { declaredType: "text/x-log" },
      "text as text/plain",
    ],
    [
      "text declared as something nobody reads",
      new Blob(["hello"]),
      { declaredType: "application/zip" },
      "text as text/plain, not application/zip",
    ],
    ["JSON", new Blob(['{"a":1}']), {}, "json as application/json"],
    [
      "JSON where text is wanted",
      new Blob(['{"a":1}']),
      { as: ["json", "text"], distance: (modality) => (modality === "text" ? 0 : 1) },
      "text as text/plain",
    ],
    [
      "a photo where both a picture and a page lead to the goal",
      png,
      { distance: (modality) => (modality === "image" ? 1 : 5) },
      "image as image/png",
    ],
    [
      "a photo where the page is nearer",
      png,
      { distance: (modality) => (modality === "image" ? 5 : 1) },
      "document as image/png",
    ],
    ["JSON declared as text", new Blob(['{"a":1}']), { declaredType: "text/plain" }, "text as text/plain"],
    ["CSV", csv, {}, "table as text/csv"],
    ["one column declared as CSV", new Blob(["a\n1\n"]), { declaredType: "text/csv" }, "table as text/csv"],
    [
      "JSON of the modality that is taken",
      new Blob(['{"rows":[],"columns":[]}']),
      { declaredType: "application/json", as: ["invoice", "table"] },
      "table as application/json",
    ],
    ["an invoice", new Blob(['{"lineItems":[],"findings":[]}']), {}, "invoice as application/json"],
    ["the pages of a document", new Blob(['{"pageCount":0,"pages":[]}']), {}, "page-text as application/json"],
    ["anything where bytes are taken", noise, { as: ["bytes"] }, "bytes as application/octet-stream"],
    ["a PDF where bytes are taken", pdf, { as: ["bytes"] }, "bytes as application/octet-stream"],
    [
      "the family name of PNM",
      new Blob(["P5 7 5 255\n0"]),
      { declaredType: "image/x-portable-anymap" },
      "document as image/x-portable-graymap",
    ],
  ])("takes %s", async (_what, blob, options, expected) => {
    expect(await read(blob, options)).toBe(expected);
  });

  it.each<[string, Blob, Partial<IngestOptions>, string]>([
    ["nothing", new Blob([]), { declaredType: "application/pdf" }, "SG_INPUT_EMPTY: The input has 0 bytes"],
    ["noise", noise, {}, "SG_INPUT_UNRECOGNISED: The bytes are not recognised, and no media type is declared"],
    [
      "noise declared as a PDF",
      noise,
      { declaredType: "application/pdf" },
      "SG_INPUT_UNRECOGNISED: The input is declared as application/pdf, but its bytes are not",
    ],
    [
      "text declared as an image",
      new Blob(["hello"]),
      { declaredType: "image/png" },
      "SG_INPUT_UNRECOGNISED: The input is declared as image/png, but its bytes are not",
    ],
    [
      "noise of a type nobody reads",
      noise,
      { declaredType: "audio/x-nobody" },
      "SG_INPUT_UNRECOGNISED: Nothing open reads audio/x-nobody, and the bytes are not recognised",
    ],
    [
      "a PDF where images are taken",
      pdf,
      { as: ["image"], declaredType: "image/png" },
      "SG_INPUT_UNRECOGNISED: The input is application/pdf, which is not accepted here",
    ],
    [
      "text where documents are taken",
      new Blob(["hello"]),
      { as: ["document"] },
      "SG_INPUT_UNRECOGNISED: The input looks like text/plain, which is not accepted here",
    ],
    [
      "a PNG with nothing but its signature",
      png.slice(0, 8),
      {},
      "SG_INPUT_CORRUPT: The image/png header is cut or damaged (8 bytes)",
    ],
    [
      "broken JSON declared as such",
      new Blob(["{a}"]),
      { declaredType: "application/json" },
      "SG_INPUT_CORRUPT: The text is not JSON: syntax error at position 1",
    ],
  ])("refuses %s", async (_what, blob, options, expected) => {
    expect(await read(blob, options)).toBe(expected);
  });

  it("lists what is accepted", async () => {
    await expect(ingest(registry, noise, { context, as: ["table"] })).rejects.toMatchObject({
      hint: "Send one of application/json, text/csv, or open an adapter that reads this input.",
      details: { accepted: ["application/json", "text/csv"] },
    });
  });

  it("names the usual ones of many, family by family", () => {
    const names = (family: string): string[] => Array.from({ length: 7 }, (_, index) => `${family}/${index}`);
    expect(acceptedText([...names("audio"), ...names("video").slice(0, 2)])).toBe(
      "audio (0, 1, 2, 3, 4, 5 ...) or video (0, 1)",
    );
  });

  it("decides by the head, however long the input is", async () => {
    let read = 0;
    class Counted extends Blob {
      override slice(start = 0, end = this.size, type?: string): Blob {
        read += type === undefined ? end - start : 0;
        return super.slice(start, end, type);
      }
    }
    const long = new Counted([smallestMedia["image/png"] ?? "", new Uint8Array(20_000_000)]);
    expect((await ingest(registry, long, { context })).mediaType).toBe("image/png");
    expect(read).toBeLessThan(10_000);
  });

  it("keeps the name, and does not look at it", async () => {
    expect(await ingest(registry, png, { context: { ...context, name: "invoice.pdf" } })).toMatchObject({
      mediaType: "image/png",
      name: "invoice.pdf",
    });
  });
});
