import type { AnyModality } from "../contract/modality.ts";
import { checkInput } from "./check-value.ts";
import { createPayload } from "./create-payload.ts";
import type { Outlet } from "./outlet.ts";
import { returnQuietly } from "./return-quietly.ts";
import type { RunState } from "./run-state.ts";
import { throwIfCancelled } from "./step-error.ts";

export interface InputPump {
  readonly run: RunState;
  readonly name: string;
  readonly modality: AnyModality;
  readonly items: AsyncIterable<unknown>;
  readonly outlet: Outlet;
}

/** Process of a stream input: reads the caller's items no faster than they are taken, checks them and passes them on. */
export async function pumpInput({ run, name, modality, items, outlet }: InputPump): Promise<void> {
  const process = outlet.writer;
  const iterator = items[Symbol.asyncIterator]();
  let held: "by us" | "by the caller" | "by nobody" = "by us";
  process.onAbandon = () => {
    if (held !== "by nobody") void returnQuietly(iterator);
    held = "by nobody";
  };
  try {
    for (let index = 0; ; index++) {
      held = "by the caller";
      const next = await iterator.next();
      throwIfCancelled(process.scope);
      held = next.done === true ? "by nobody" : "by us";
      if (next.done === true) break;
      checkInput(modality, next.value, `${name}[${index}]`);
      if (!(await outlet.write(createPayload(modality, next.value, { digestBlob: run.host.digestBlob })))) break;
      const pause = run.breathe();
      if (pause !== undefined) await pause;
    }
  } finally {
    process.onAbandon = undefined;
    if (held === "by us") await returnQuietly(iterator);
  }
  outlet.finish("ended");
}
