import type { AnyModality } from "../contract/modality.ts";
import type { Barrier } from "./checkpoint/barrier.ts";
import { checkInput } from "./step/check-value.ts";
import { createPayload } from "./create-payload.ts";
import type { Outlet } from "./edge/outlet.ts";
import { returnQuietly } from "./edge/return-quietly.ts";
import type { RunState } from "./run-state.ts";

export interface InputPump {
  readonly run: RunState;
  readonly name: string;
  readonly modality: AnyModality;
  readonly items: AsyncIterable<unknown>;
  readonly outlet: Outlet;
  /** Items an earlier run has dealt with: read, and dropped. */
  readonly skipItems: number;
  readonly barrier: Barrier | undefined;
  /** Told after each item that was let in, with the number of items taken so far, skipped ones included. */
  readonly onTaken: (items: number) => void;
}

/** Process of a stream input: reads the caller's items no faster than they are taken, checks them and passes them on. */
export async function pumpInput({
  run,
  name,
  modality,
  items,
  outlet,
  skipItems,
  barrier,
  onTaken,
}: InputPump): Promise<void> {
  const process = outlet.writer;
  const iterator = items[Symbol.asyncIterator]();
  const tally = { items: 0, measured: 0 as number | undefined, ended: false };
  let held: "by us" | "by the caller" | "by nobody" = "by us";
  process.onAbandon = () => {
    if (held !== "by nobody") void returnQuietly(iterator);
    held = "by nobody";
  };
  try {
    for (let index = 0; ; index++) {
      if (barrier?.pending === true) await barrier.pass(process);
      held = "by the caller";
      const next = await (barrier === undefined ? iterator.next() : barrier.outside(process, iterator.next()));
      process.throwIfEnded();
      held = next.done === true ? "by nobody" : "by us";
      if (barrier?.pending === true) await barrier.pass(process); // another source has asked for a checkpoint
      if (next.done === true) {
        tally.ended = true;
        break;
      }
      if (index < skipItems) continue;
      checkInput(modality, next.value, `${name}[${index}]`);
      const amount = modality.measure === "none" ? undefined : modality.measureOf(next.value);
      tally.items += 1;
      tally.measured = amount === undefined || tally.measured === undefined ? undefined : tally.measured + amount;
      if (!(await outlet.write(createPayload(modality, next.value, { digestBlob: run.digestBlob })))) break;
      onTaken(index + 1);
      const pause = run.breathe();
      if (pause !== undefined) await pause;
    }
  } finally {
    process.onAbandon = undefined;
    if (held === "by us") await returnQuietly(iterator);
  }
  const [measure, done] = tally.measured === undefined ? ["item", tally.items] : [modality.measure, tally.measured];
  run.streamed.set(
    name,
    tally.ended
      ? { measure, done, of: done }
      : { measure, done, of: null, missing: [{ what: "the rest of the stream", reason: "no step read it" }] },
  );
  outlet.finish("ended");
}
