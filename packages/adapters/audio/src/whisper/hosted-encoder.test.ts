import { type Compute, createPortableHost, fail, type Tensor } from "@stargate/kernel";
import { expect, test } from "vitest";
import { openHostedEncoder } from "./hosted-encoder.ts";

/** An encoder that gives one value for each row, and fails where it is told to. */
function kit() {
  const shapes: (readonly number[])[] = [];
  const state = { isGone: false };
  const compute: Pick<Compute, "run"> = {
    async run(_model, { input_features }) {
      shapes.push(input_features?.shape ?? []);
      if (state.isGone) throw fail("SG_COMPUTE_HOST_LOST", "gone");
      const rows = input_features?.shape[0] ?? 0;
      return { last_hidden_state: { dtype: "float32", shape: [rows, 1, 1], data: new Float32Array(rows) } };
    },
  };
  const answered = new Set<string>();
  const { offload } = createPortableHost();
  const { signal } = new AbortController();
  const open = () => openHostedEncoder("ears", { compute: compute as Compute, offload, signal, answered });
  return { open, shapes, state };
}

const logMel = (windows: number): Tensor => ({
  dtype: "float32",
  shape: [windows, 10, 80],
  data: new Float32Array(windows * 10 * 80),
});
const short = { contentFrames: 10, maximum: 0 };
const whole = { contentFrames: 3000, maximum: 0 };

test("an encoder is tried with silence once for all runs, and again after it has failed", async () => {
  const { open, shapes, state } = kit();
  await open().ready(80);
  await open().ready(80);
  expect(shapes).toEqual([[1, 80, 3000]]);
  state.isGone = true;
  const lost = open().hear(logMel(1), { windows: [short], language: "en" });
  await expect(lost).rejects.toMatchObject({ code: "SG_COMPUTE_HOST_LOST" });
  await expect(open().ready(80)).rejects.toMatchObject({ code: "SG_COMPUTE_HOST_LOST" });
});

test("the first window is heard a second time where the language is to be told and it is short", async () => {
  const { open, shapes } = kit();
  await open().hear(logMel(2), { windows: [short, short], language: "en" });
  await open().hear(logMel(2), { windows: [short, short] });
  await open().hear(logMel(2), { windows: [whole, short] });
  expect(shapes.map(([rows]) => rows)).toEqual([2, 3, 2]);
});
