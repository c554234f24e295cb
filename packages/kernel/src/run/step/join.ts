import { Absence } from "../edge/absence.ts";
import type { Channel } from "../edge/channel.ts";
import { createPayload } from "../create-payload.ts";
import { timedItem } from "./event-time.ts";
import { JoinSet } from "./join-set.ts";
import type { Outlet } from "../edge/outlet.ts";
import type { Launch } from "./start-body.ts";
import { inStructuralStep, type StepOf } from "./structural-step.ts";

/**
 * Process of a temporal join. It reads the left stream while it has no left item to complete, otherwise the right
 * one, so neither runs ahead. What it remembers is part of the run's state.
 */
export async function runJoinStep(launch: Launch<StepOf<"join">>): Promise<void> {
  const { run, process, step, inlets } = launch;
  const [left, right] = inlets as readonly [Channel, Channel]; // the compiler of graphs has checked that both are streams
  const out = launch.out as Outlet; // a join makes a stream
  await inStructuralStep(launch, async (record) => {
    const lasting = !process.scope.oneOfMany;
    const stored = lasting ? run.state.workingSet(step.path) : undefined;
    const join = new JoinSet(step.spec, stored);
    if (lasting) run.state.attach(step.path, join);
    const lineages: { left: readonly string[]; right: readonly string[] } = { left: [], right: [] };
    for (let wanted = true; wanted;) {
      const side = join.wants;
      if (side !== undefined) {
        const read = await (side === "left" ? left : right).read(process);
        if (read instanceof Absence) {
          left.close();
          right.close();
          return out.finish(read);
        }
        if (read === "ended") join.end(side);
        else {
          lineages[side] = read.lineage;
          join.push(side, timedItem(side === "left" ? step.leftItem : step.rightItem, read.value, step.spec.key));
        }
        continue;
      }
      const value = join.take();
      if (value === undefined) break;
      const lineage = lineages.right.length === 0 ? lineages.left : [...new Set([...lineages.left, ...lineages.right])];
      wanted = await out.write(
        createPayload(step.output.modality, value, {
          lineage: record.lineageAfter(lineage),
          digestBlob: run.digestBlob,
        }),
      );
    }
    const { measure, done, of, missing = [] } = join.coverage();
    const rest = left.exhausted
      ? undefined
      : { what: "the rest of the left stream", reason: "nobody read the joined values" };
    left.close();
    right.close();
    record.coverage.add(
      rest === undefined ? { measure, done, of, missing } : { measure, done, of: null, missing: [...missing, rest] },
    );
    out.finish("ended");
  });
}
