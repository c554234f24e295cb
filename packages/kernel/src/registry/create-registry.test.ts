import { describe, expect, it } from "vitest";
import type { Adapter } from "../contract/adapter.ts";
import { defineAdapter } from "../define/define-adapter.ts";
import { defineModality } from "../define/define-modality.ts";
import { defineTransform } from "../define/define-transform.ts";
import { json, pageText, text } from "../modalities/index.ts";
import { z } from "zod";
import { createRegistry } from "./create-registry.ts";

const shout = (version: string, id = "demo.shout") =>
  defineTransform({
    id,
    version,
    summary: "Upper case",
    from: text,
    to: text,
    coverage: "whole",
    run: (value) => value.toUpperCase(),
  });
const adapter = (init: Partial<Adapter> = {}): Adapter =>
  defineAdapter({ spec: 1, id: "demo", version: "1.0.0", summary: "Demo", ...init });
const thrown = (call: () => unknown): unknown => {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
};

describe("createRegistry", () => {
  it("holds the shared vocabulary without any adapter", () => {
    const ids = createRegistry([]).modalities.map((modality) => modality.id);
    expect(ids.toSorted()).toEqual([
      "audio",
      "bytes",
      "detections",
      "document",
      "embedding",
      "image",
      "invoice",
      "json",
      "page-text",
      "pcm",
      "pixels",
      "speaker-turns",
      "speech-segments",
      "table",
      "text",
      "transcript",
    ]);
  });

  it("keeps versions side by side and takes the newest by number, not by text", () => {
    const registry = createRegistry([adapter({ transforms: [shout("1.9.0"), shout("1.10.0"), shout("1.2.3")] })]);
    expect(registry.versions("demo.shout").map(({ version }) => version)).toEqual(["1.10.0", "1.9.0", "1.2.3"]);
    expect(registry.transform("demo.shout").version).toBe("1.10.0");
    expect(registry.transform("demo.shout@1.2.3").version).toBe("1.2.3");
    expect(registry.transforms.map(({ version }) => version)).toEqual(["1.10.0"]);
  });

  it("names the versions there are when one is not open", () => {
    const registry = createRegistry([adapter({ transforms: [shout("1.0.0")] })]);
    expect(thrown(() => registry.transform("demo.shout@2.0.0"))).toMatchObject({
      code: "SG_REGISTRY_UNKNOWN",
      message: expect.stringContaining("1.0.0") as string,
    });
  });

  it("suggests the nearest name", () => {
    const registry = createRegistry([adapter({ transforms: [shout("1.0.0")] })]);
    expect(() => registry.modality("txet")).toThrow("did you mean 'text'?");
    expect(() => registry.transform("demo.shuot")).toThrow("did you mean 'demo.shout'?");
  });

  it("names both adapters in a conflict", () => {
    const scan = (summary: string) =>
      defineModality({ id: "scan", summary, schema: z.string(), measure: "none", codecs: {} });
    const conflicting = () =>
      createRegistry([adapter({ modalities: [scan("one")] }), adapter({ id: "other", modalities: [scan("two")] })]);
    expect(thrown(conflicting)).toMatchObject({
      code: "SG_ADAPTER_CONFLICT",
      message: 'The modality "scan" is defined by adapter "demo" and by adapter "other"',
    });
  });

  it("lets two adapters bring the same modality object", () => {
    const scan = defineModality({ id: "scan", summary: "scan", schema: z.string(), measure: "none", codecs: {} });
    expect(
      createRegistry([adapter({ modalities: [scan] }), adapter({ id: "other", modalities: [scan] })]).modality("scan"),
    ).toBe(scan);
  });

  it("refuses a modality that stands in the shared vocabulary", () => {
    const mine = defineModality({ id: "text", summary: "mine", schema: z.string(), measure: "none", codecs: {} });
    expect(() => createRegistry([adapter({ modalities: [mine] })])).toThrow("defined by the shared vocabulary and by");
  });

  it("refuses an adapter that is opened twice", () => {
    expect(thrown(() => createRegistry([adapter(), adapter()]))).toMatchObject({ code: "SG_ADAPTER_CONFLICT" });
  });

  it("makes derived modalities, nested too, and names the part that is unknown", () => {
    const registry = createRegistry([]);
    expect(registry.modality("window(text)").measure).toBe("item");
    expect(registry.modality("joined(window(text),joined(json,text))").id).toBe(
      "joined(window(text),joined(json,text))",
    );
    expect(() => registry.modality("window(txet)")).toThrow('modality "txet"');
    expect(() => registry.modality(`${"window(".repeat(5000)}text${")".repeat(5000)}`)).toThrow(
      "No open adapter defines the modality",
    );
  });

  it("adds the modalities of ports that no adapter lists", () => {
    const scan = defineModality({ id: "scan", summary: "scan", schema: z.string(), measure: "none", codecs: {} });
    const read = defineTransform({
      id: "demo.read",
      version: "1.0.0",
      summary: "Read",
      from: scan,
      to: text,
      run: (value) => value,
    });
    expect(createRegistry([adapter({ transforms: [read] })]).modality("scan")).toBe(scan);
  });

  it("puts contributed codecs behind the modality's own", () => {
    const codec = { encode: () => "x" };
    const registry = createRegistry([
      adapter({ codecs: [{ modality: "page-text", mediaType: "application/pdf", codec }] }),
    ]);
    const codecs = registry.codecs(pageText);
    expect(codecs.get("application/pdf")).toBe(codec);
    expect([...codecs.keys()].at(-1)).toBe("application/pdf");
  });

  it("refuses a codec that is there already, and one of no modality", () => {
    const codec = { encode: () => "x" };
    expect(() =>
      createRegistry([adapter({ codecs: [{ modality: "json", mediaType: "application/json", codec }] })]),
    ).toThrow('modality "json" itself');
    expect(() =>
      createRegistry([adapter({ codecs: [{ modality: "jsno", mediaType: "application/json", codec }] })]),
    ).toThrow("did you mean 'json'?");
  });

  it("checks adapters that no compiler has seen", () => {
    const open = (value: unknown) => thrown(() => createRegistry([value as Adapter]));
    expect(open(() => adapter())).toMatchObject({ code: "SG_DEFINE_INVALID", hint: "Call it: adapters: [ocr()]." });
    expect(open(undefined)).toMatchObject({ code: "SG_DEFINE_INVALID" });
    expect(open({ ...adapter(), spec: 2 })).toMatchObject({
      code: "SG_ADAPTER_SPEC",
      message: 'Adapter "demo" states spec 2; this kernel loads spec 1',
    });
    expect(open({ ...adapter(), transforms: [{ ...shout("1.0.0"), run: "no" }] })).toMatchObject({
      code: "SG_DEFINE_INVALID",
      message: expect.stringContaining("transforms[0].run") as string,
    });
    expect(open({ ...adapter(), modalities: [{ ...json, measureOf: undefined }] })).toMatchObject({
      code: "SG_DEFINE_INVALID",
      message: expect.stringContaining("modalities[0].measureOf") as string,
    });
  });
});
