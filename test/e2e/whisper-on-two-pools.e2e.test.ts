import { openAsBlob } from "node:fs";
import onnx from "@stargate/adapter-onnx";
import { explainDecision, type HostPool, modelConfigSchema, modelSpecsOf } from "@stargate/compute";
import type { Policy, Transcript } from "@stargate/kernel";
import { expect, test, type TestContext } from "vitest";
import { startHttpServer } from "../../packages/adapters/open-inference/test/http-server.ts";
import { sharedFile } from "../support/shared-files.ts";
import { askedOfWhisper, expectedOfJfk, jfkRecording, openWhisperGate } from "../support/whisper-gate.ts";

const cpu = { backend: "onnx", device: "cpu", slots: 1 };
const apart: Policy = {
  degrade: "never",
  compute: { models: { "*-encoder": { pool: "ears" }, "*-decoder": { pool: "mouth" } } },
};

/** Two pools of processes on the CPU, and a Whisper whose halves are two models. */
async function openTwoPools(context: TestContext) {
  const { gate, plane } = await openWhisperGate(context, {
    split: true,
    compute: { pools: { ears: cpu, mouth: cpu } },
  });
  const transcribe = async (policy: Policy, options: object = {}) => {
    const { value, receipt } = await gate.run(
      jfkRecording(context),
      { to: "transcript", with: { "audio.transcribe": { ...askedOfWhisper, ...options } } },
      { policy },
    );
    const models = receipt.steps.find(({ id }) => id === "audio-transcribe")?.models ?? [];
    return { transcript: value as Transcript, receipt, models };
  };
  const processOf = async (id: string): Promise<number | undefined> => {
    const pools = (await plane.pools()).map(({ pool }) => pool as HostPool); // those of this machine have hosts
    return pools.find((pool) => pool.id === id)?.status()[0]?.processId;
  };
  return { plane, transcribe, processOf };
}

const spoken = ({ segments }: Transcript) => segments.map(({ text, tokens }) => ({ text, tokens }));

test("the halves run on two pools, token for token, and the receipt names both and says why", async (context) => {
  const { plane, transcribe } = await openTwoPools(context);
  const { transcript, models, receipt } = await transcribe(apart);
  expect(spoken(transcript)).toEqual(expectedOfJfk(context));
  expect(transcript.segments.flatMap(({ words }) => words ?? []).length).toBeGreaterThan(0);
  expect(transcript.recogniser.model).toBe("tiny");
  expect(Object.fromEntries(models.map(({ model, pool }) => [model, pool]))).toEqual({
    "tiny-encoder": "ears",
    "tiny-decoder": "mouth",
  });
  expect(receipt.degradations).toEqual([]);
  const decisions = await plane.decisions(models.flatMap((line) => line.decisions ?? []));
  const lines = decisions.flatMap(explainDecision);
  expect(lines).toContainEqual(expect.stringContaining('the call is pinned to pool "ears"'));
  expect(lines).toContainEqual(expect.stringContaining('the call is pinned to pool "mouth"'));
});

test("the encoder may be one that a server has, over the Open Inference Protocol", async (context) => {
  const [backend] = onnx().backends;
  const file = await openAsBlob(sharedFile(context, "parity/whisper-tiny-random/encoder_model.onnx"));
  const { signal } = new AbortController();
  const encoder = await backend!.load({ id: "e", format: "onnx", files: { "encoder.onnx": file } }, { signal });
  await using server = await startHttpServer({
    models: {
      whisper_encoder: {
        inputs: [{ name: "input_features", datatype: "FP32", shape: [-1, 80, 3000] }],
        outputs: [{ name: "last_hidden_state", datatype: "FP32", shape: [-1, 1500, -1] }],
        maxBatchSize: 0,
        async compute([features]) {
          const data = new Float32Array(Uint8Array.from(features!.raw!).buffer);
          const inputs = { input_features: { dtype: "float32", shape: features!.shape, data } } as const;
          const hidden = (await encoder.run(inputs, { signal }))["last_hidden_state"]!;
          const raw = new Uint8Array((hidden.data as Float32Array<ArrayBuffer>).buffer); // the signature says so
          return [{ name: "last_hidden_state", datatype: "FP32", shape: hidden.shape, raw }];
        },
      },
    },
  });
  const { gate } = await openWhisperGate(context, {
    split: true,
    compute: { pools: { mouth: cpu, triton: { backend: "open-inference", device: "triton" } } },
    served: {
      url: server.url,
      models: modelSpecsOf(
        {
          "tiny-encoder": modelConfigSchema.parse({
            format: "open-inference",
            settings: { server: "triton", name: "whisper_encoder" },
          }),
        },
        "/",
      ),
    },
  });
  const goal = { to: "transcript", with: { "audio.transcribe": askedOfWhisper } } as const;
  const { value, receipt } = await gate.run(jfkRecording(context), goal, { policy: { degrade: "never" } });
  expect(spoken(value as Transcript)).toEqual(expectedOfJfk(context));
  const models = receipt.steps.find(({ id }) => id === "audio-transcribe")?.models ?? [];
  expect(Object.fromEntries(models.map(({ model, pool }) => [model, pool]))).toEqual({
    "tiny-encoder": "triton",
    "tiny-decoder": "mouth",
  });
  await encoder.unload();
});

test("a pin to a pool that is not there is refused by its name, before and after the encoder has answered", async (context) => {
  const { transcribe } = await openTwoPools(context);
  const nowhere: Policy = {
    degrade: "never",
    compute: { models: { "*-encoder": { pool: "nowhere" }, "*-decoder": { pool: "mouth" } } },
  };
  await expect(transcribe(nowhere)).rejects.toMatchObject({ message: expect.stringContaining('pool "nowhere"') });
  await transcribe(apart, { maxTokens: 1, words: false });
  await expect(transcribe(nowhere)).rejects.toMatchObject({ code: "SG_COMPUTE_PLACEMENT" });
});

test("when the encoder's process is killed another one listens, and the decoder's is left alone", async (context) => {
  const { transcribe, processOf } = await openTwoPools(context);
  const short = { maxTokens: 3, words: false };
  const before = await transcribe(apart, short);
  const [ears, mouth] = [await processOf("ears"), await processOf("mouth")];
  process.kill(ears ?? 0, "SIGKILL");
  const after = await transcribe(apart, short);
  expect(after.transcript).toEqual(before.transcript);
  expect([await processOf("mouth"), (await processOf("ears")) === ears]).toEqual([mouth, false]);
});
