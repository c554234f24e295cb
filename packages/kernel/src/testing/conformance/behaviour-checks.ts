import { isStargateError } from "../../errors/stargate-error.ts";
import { portEntries } from "../../define/define-transform.ts";
import { digestValue } from "../../util/digest.ts";
import { createTestContext } from "../test-context.ts";
import { transformOf, type AdapterSubject } from "./adapter-subject.ts";
import { describeError, must, type Check } from "./check.ts";
import { digestOutput, invoke, runCase } from "./run-case.ts";

/** What a transform does when it runs. */
export const behaviourChecks: readonly Check<AdapterSubject>[] = [
  {
    id: "output-fits",
    title: "gives outputs its target modality accepts, and the outputs its cases expect",
    run: async (subject) => {
      for (const one of subject.cases) {
        const { transform, output } = await runCase(subject, one);
        const modality = transform.to.kind === "many" ? transform.to.item : transform.to;
        for (const value of transform.to.kind === "many" ? (output as unknown[]) : [output]) {
          const parsed = modality.schema.safeParse(value);
          must(
            parsed.success,
            `${one.name}: ${transform.id} gave something that is no ${modality.id}: ${parsed.error?.message ?? ""}`,
          );
        }
        await one.expect?.(output);
      }
    },
  },
  {
    id: "input-untouched",
    title: "leaves its input as it was",
    run: async (subject) => {
      for (const one of subject.cases) {
        const transform = transformOf(subject.create(), one.transform);
        if (portEntries(transform.from).some(([, port]) => port.kind === "many")) continue; // a stream is used up by reading it
        const input = await one.input();
        const before = await digestValue(input);
        await invoke(
          transform,
          input,
          createTestContext(transform, { host: subject.host, options: one.options }).context,
        );
        must((await digestValue(input)) === before, `${one.name}: ${transform.id} changed its input`);
      }
    },
  },
  {
    id: "deterministic",
    title: "gives equal outputs for equal inputs, unless it says otherwise",
    run: async (subject) => {
      for (const one of subject.cases) {
        const first = await runCase(subject, one);
        if (!first.transform.deterministic) continue;
        const second = await runCase(subject, one);
        must(
          (await digestOutput(first.output)) === (await digestOutput(second.output)),
          `${one.name}: ${one.transform} gave two different outputs; make it deterministic or declare deterministic: false`,
        );
      }
    },
  },
  {
    id: "coverage-reported",
    title: "reports coverage when it promised to",
    run: async (subject) => {
      for (const one of subject.cases) {
        const { transform, recorded } = await runCase(subject, one);
        must(
          transform.coverage !== "reported" || recorded.coverage.length > 0,
          `${one.name}: ${transform.id} succeeded without saying how much it read`,
        );
      }
    },
  },
  {
    id: "coverage-honest",
    title: "reports exactly what its cases say was read, never more than there is",
    run: async (subject) => {
      for (const one of subject.cases) {
        const last = (await runCase(subject, one)).recorded.coverage.at(-1);
        if (last !== undefined)
          must(
            last.done >= 0 && (last.of === null || last.done <= last.of),
            `${one.name}: coverage ${last.done} of ${last.of}`,
          );
        if (one.coverage === undefined) continue;
        must(
          last?.done === one.coverage.done && last.of === one.coverage.of,
          `${one.name}: reported ${last?.done} of ${last?.of}, really ${one.coverage.done} of ${one.coverage.of}`,
        );
      }
    },
  },
  {
    id: "progress-monotone",
    title: "reports progress that never goes back and never passes the end",
    run: async (subject) => {
      for (const one of subject.cases) {
        let before = 0;
        for (const { done, of } of (await runCase(subject, one)).recorded.progress) {
          must(done >= before && done <= (of ?? Infinity), `${one.name}: progress ${done} of ${of} after ${before}`);
          before = done;
        }
      }
    },
  },
  {
    id: "meter-sane",
    title: "meters finite, non-negative quantities with a unit",
    run: async (subject) => {
      for (const one of subject.cases) {
        for (const { unit, quantity } of (await runCase(subject, one)).recorded.meter)
          must(unit !== "" && Number.isFinite(quantity) && quantity >= 0, `${one.name}: metered ${quantity} "${unit}"`);
      }
    },
  },
  {
    id: "issues-are-coded",
    title: "itemises issues with a code and a message",
    run: async (subject) => {
      for (const one of subject.cases) {
        for (const { code, message } of (await runCase(subject, one)).recorded.issues)
          must(
            /^SG_[A-Z0-9_]+$/.test(code) && message.length > 0,
            `${one.name}: issue "${code}: ${message}" has no proper code or message`,
          );
      }
    },
  },
  {
    id: "refuses-bad-input",
    title: "refuses bad input with the code its cases name",
    run: async (subject) => {
      for (const bad of subject.badInputs ?? []) {
        const error = await outcome(runCase(subject, bad));
        must(error !== undefined, `${bad.name}: ${bad.transform} accepted it`);
        must(isStargateError(error), `${bad.name}: threw ${describeError(error)}, not a StargateError`);
        must(error.code === bad.code, `${bad.name}: threw ${error.code}, expected ${bad.code}`);
      }
    },
  },
  {
    id: "errors-help",
    title: "explains refusals: a public 4xx error with a message, an imperative hint and no engine's words",
    run: async (subject) => {
      for (const bad of subject.badInputs ?? []) {
        const error = await outcome(runCase(subject, bad));
        if (!isStargateError(error)) continue; // refuses-bad-input says so
        must(
          error.public && error.status >= 400 && error.status < 500,
          `${bad.name}: ${error.code} is not a public 4xx error`,
        );
        must(error.hint.length > 0 && error.message.length > 0, `${bad.name}: ${error.code} has no message or hint`);
        must(
          !/\n\s+at |0x[0-9a-f]{6,}|node_modules/.test(error.message),
          `${bad.name}: the message leaks an engine's words: ${error.message}`,
        );
      }
    },
  },
  {
    id: "state-survives-restart",
    title: "keeps everything it carries from item to item in ctx.state",
    run: async (subject) => {
      for (const one of subject.cases) {
        if (one.items === undefined) continue;
        const steady = await feed(subject, one.transform, one.options, one.items(), false);
        const restarted = await feed(subject, one.transform, one.options, one.items(), true);
        must(
          (await digestOutput(steady)) === (await digestOutput(restarted)),
          `${one.name}: ${one.transform} gives other outputs when it is restarted between items`,
        );
      }
    },
  },
];

async function outcome(run: Promise<unknown>): Promise<unknown> {
  try {
    await run;
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Feeds items one after another; a restart makes a fresh adapter and passes the state through JSON. */
async function feed(
  subject: AdapterSubject,
  id: string,
  options: unknown,
  items: readonly unknown[],
  restart: boolean,
): Promise<unknown[]> {
  const outputs: unknown[] = [];
  let transform = transformOf(subject.create(), id);
  let state = new Map<string, unknown>();
  for (const item of items) {
    const { context, recorded } = createTestContext(transform, { host: subject.host, options, state });
    outputs.push(await invoke(transform, item, context));
    state = recorded.state;
    if (!restart) continue;
    transform = transformOf(subject.create(), id);
    state = new Map(JSON.parse(JSON.stringify([...state])) as [string, unknown][]);
  }
  return outputs;
}
