import { Absence } from "../edge/absence.ts";
import type { Channel } from "../edge/channel.ts";
import { createPayload } from "../create-payload.ts";
import { timedItem } from "./event-time.ts";
import type { Outlet } from "../edge/outlet.ts";
import type { Launch } from "./start-body.ts";
import { inStructuralStep, type StepOf } from "./structural-step.ts";
import { WindowSet } from "./window-set.ts";

/** Process of a window step. Its open windows are part of the run's state. */
export async function runWindowStep(launch: Launch<StepOf<"window">>): Promise<void> {
  const { run, process, step, inlets } = launch;
  const [over] = inlets as readonly [Channel]; // the compiler of graphs has checked that `over` is a stream
  const out = launch.out as Outlet; // a window step makes a stream
  await inStructuralStep(launch, async (record) => {
    const lasting = !process.scope.oneOfMany;
    const stored = lasting ? run.state.workingSet(step.path) : undefined;
    const windows = new WindowSet(step.spec.size, step.spec.lateSeconds ?? 0, stored);
    if (lasting) run.state.attach(step.path, windows);
    let lineage: readonly string[] = [];
    const give = async (closed: ReturnType<WindowSet["flush"]>): Promise<boolean> => {
      for (const window of closed) {
        const timeline = { startSeconds: window.startSeconds, endSeconds: window.endSeconds };
        const payload = createPayload(step.output.modality, window, {
          timeline,
          lineage: record.lineageAfter(lineage),
          digestBlob: run.digestBlob,
        });
        if (!(await out.write(payload))) return false;
      }
      return true;
    };
    for (;;) {
      const read = await over.read(process);
      if (read instanceof Absence) return out.finish(read);
      if (read === "ended") {
        await give(windows.flush());
        break;
      }
      lineage = read.lineage;
      if (!(await give(windows.push(timedItem(step.item, read.value, step.spec.key))))) break;
    }
    const { measure, done, of, missing = [] } = windows.coverage();
    const rest = over.exhausted ? undefined : { what: "the rest of the stream", reason: "nobody read the windows" };
    over.close();
    record.coverage.add(
      rest === undefined ? { measure, done, of, missing } : { measure, done, of: null, missing: [...missing, rest] },
    );
    out.finish("ended");
  });
}
