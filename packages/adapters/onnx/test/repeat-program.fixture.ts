// A program as adapters bring them: runs its part again and again on what it gave.
import { fail, type ModelPart, type ModelProgram, type Tensor } from "@stargate/kernel/backend";

const opened = new WeakSet<Readonly<Record<string, ModelPart>>>();

/** y = x squared `times` times over; `facts` are what else the program was given. */
export const repeatProgram: ModelProgram = {
  signature: {
    inputs: [
      { name: "x", dtype: "float32", shape: ["n"] },
      { name: "times", dtype: "int32", shape: [1] },
    ],
    outputs: [
      { name: "y", dtype: "float32", shape: ["n"] },
      { name: "facts", dtype: "string", shape: [3] },
    ],
  },
  async run(inputs, { parts, files, options, signal }) {
    const [x, times, square, note] = [inputs["x"], inputs["times"], parts["square"], files["note.txt"]];
    if (x === undefined || times === undefined || square === undefined || note === undefined)
      throw fail("SG_COMPUTE_MODEL", "The model is not the one that this program is for");
    const count = Number(times.data[0]);
    if (count < 0) throw fail("SG_COMPUTE_INPUT", `times is ${count}; it must be 0 or more`);
    if (count === 99) throw new RangeError("99 is too much");
    const seenBefore = opened.has(parts);
    opened.add(parts);
    let y: Tensor | undefined = x;
    for (let time = 0; time < count; time++) y = (await square.run({ x: y }, { signal, outputs: ["y"] }))["y"] ?? x;
    const data = [await note.text(), JSON.stringify(options), String(seenBefore)];
    return { y, facts: { dtype: "string", shape: [3], data } };
  },
};

export const notAProgram = 7;
