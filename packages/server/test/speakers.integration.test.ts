import { openAsBlob, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import audio from "@stargate/adapter-audio";
import onnx from "@stargate/adapter-onnx";
import type { SpeakerTurns } from "@stargate/kernel";
import { expect, test } from "vitest";
import { sharedFile } from "../../../test/support/shared-files.ts";
import { changeModel } from "../../../test/support/voice-models.ts";
import { startTestGateway } from "./support/test-gateway.ts";

// Real speech and the real speech detector, in model hosts of their own. What tells voices apart is a toy, so that this is
// about the way there: the operator's file, its accept, its program in a host, clustering in a worker.

test("a gateway says who speaks when, by a model of the operator's", { timeout: 60_000 }, async (context) => {
  const speech = sharedFile(context, "samples/jfk.wav");
  const models = dirname(sharedFile(context, "models/silero_vad_16k_op15.onnx"));
  const folder = await mkdtemp(join(tmpdir(), "stargate-voices-"));
  try {
    const file = join(folder, "voices.onnx");
    writeFileSync(file, changeModel());
    await using gateway = await startTestGateway(
      { pipelines: [], models: { folders: [models], accept: ["speaker-embedding"] } },
      [onnx(), audio({ diarise: { model: file } })],
    );
    const ask = async (accept: string): Promise<Response> =>
      gateway.fetch("/v1/convert?to=speaker-turns", {
        method: "POST",
        headers: { accept },
        body: await openAsBlob(speech),
      });
    const answer = await ask("application/json");
    expect([answer.status, answer.headers.get("stargate-coverage")]).toEqual([200, "second=11/11"]);
    const { turns, durationSeconds } = (await answer.json()) as SpeakerTurns;
    expect(durationSeconds).toBe(11);
    expect(turns[0]?.startSeconds).toBeCloseTo(0.322, 2);
    expect(turns.at(-1)?.endSeconds).toBeCloseTo(10.6, 1);
    expect(await (await ask("text/x-rttm")).text()).toMatch(
      /^SPEAKER recording 1 0\.3\d\d \d\.\d{3} <NA> <NA> Speaker_1 /,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});
