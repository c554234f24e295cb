import { afterAll, type TestContext } from "vitest";
import { createOnnxPlane } from "../../../../test/support/onnx-plane.ts";
import type { DecodeWindows } from "../src/whisper/long-form/seek-windows.ts";
import type { WindowRequestInput } from "../src/whisper/program/window-request.ts";
import { windowResultSchema } from "../src/whisper/program/window-result.ts";
import { type layouts, parityModel } from "./whisper-parity.ts";

const MELS = 80;

/** The parity model in ONNX Runtime on this thread; requests are what the reference was asked, unless they say otherwise. */
export function openWhisper(
  context: TestContext,
  asked: Partial<WindowRequestInput> = {},
  layout?: keyof typeof layouts,
): { decode: DecodeWindows } {
  const plane = openPlane(context, layout);
  const { signal } = new AbortController();
  return {
    async decode(inputs, { language }) {
      const frames = Math.max(...inputs.map(({ values }) => values.length / MELS));
      const data = new Float32Array(inputs.length * frames * MELS).fill(-10);
      for (const [index, { values }] of inputs.entries()) data.set(values, index * frames * MELS);
      const request: WindowRequestInput = {
        windows: inputs.map(({ window }) => window),
        language,
        maxTokens: 48,
        compressionRatioThreshold: null,
        logprobThreshold: null,
        noSpeechThreshold: null,
        ...asked,
      };
      const { outputs } = await plane.run({
        model: "whisper",
        inputs: {
          log_mel: { dtype: "float32", shape: [inputs.length, frames, MELS], data },
          request: { dtype: "string", shape: [1], data: [JSON.stringify(request)] },
        },
        signal,
        tenant: "default",
        runId: "test",
        step: "test",
        policy: {},
        deadlineMs: Infinity,
      });
      const results = outputs["results"]?.data as readonly string[]; // the signature says so
      return results.map((text) => windowResultSchema.parse(JSON.parse(text)));
    },
  };
}

/** One for all tests of a file: loading takes longer than most of them. */
const planes = new Map<string, ReturnType<typeof createOnnxPlane>>();

function openPlane(context: TestContext, layout: keyof typeof layouts = "merged"): ReturnType<typeof createOnnxPlane> {
  const plane = planes.get(layout) ?? createOnnxPlane({ whisper: parityModel(context, layout) });
  planes.set(layout, plane);
  return plane;
}

afterAll(async () => {
  for (const plane of planes.values()) await plane[Symbol.asyncDispose]();
});
