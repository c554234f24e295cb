import { createPortableHost, scopedCompute } from "@stargate/kernel";
import { afterAll, type TestContext } from "vitest";
import { createOnnxPlane } from "../../../../test/support/onnx-plane.ts";
import { type DecodingOptions, openHostedWhisper } from "../src/whisper/hosted-whisper.ts";
import type { DecodeWindows } from "../src/whisper/long-form/seek-windows.ts";
import { type layouts, parityHalves, parityModel } from "./whisper-parity.ts";

/** How the parity model is run. */
export interface WhisperPlace {
  readonly layout?: keyof typeof layouts;
  /** As two models. */
  readonly isSplit?: boolean;
}

/** The parity model in ONNX Runtime on this thread; requests are what the reference was asked, unless they say otherwise. */
export function openWhisper(
  context: TestContext,
  asked: DecodingOptions = {},
  { layout = "merged", isSplit = false }: WhisperPlace = {},
): { decode: DecodeWindows } {
  const { signal } = new AbortController();
  const scope = { tenant: "default", runId: "test", step: "test", policy: {}, deadlineMs: Infinity };
  const compute = scopedCompute({ plane: openPlane(context, layout), scope, signal });
  const { offload } = createPortableHost();
  const split = isSplit ? { answered: new Set<string>() } : undefined;
  const options: DecodingOptions = {
    maxTokens: 48,
    compressionRatioThreshold: null,
    logprobThreshold: null,
    noSpeechThreshold: null,
    ...asked,
  };
  return {
    async decode(inputs, about) {
      const whisper = await openHostedWhisper("whisper", { compute, offload, signal, split });
      return whisper.decode(options)(inputs, about);
    },
  };
}

/** One for all tests of a file: loading takes longer than most of them. */
const planes = new Map<string, ReturnType<typeof createOnnxPlane>>();

function openPlane(context: TestContext, layout: keyof typeof layouts): ReturnType<typeof createOnnxPlane> {
  const plane =
    planes.get(layout) ?? createOnnxPlane({ whisper: parityModel(context, layout), ...parityHalves(context, layout) });
  planes.set(layout, plane);
  return plane;
}

afterAll(async () => {
  for (const plane of planes.values()) await plane[Symbol.asyncDispose]();
});
