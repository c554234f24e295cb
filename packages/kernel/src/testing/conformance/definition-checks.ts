import { ADAPTER_SPEC } from "../../contract/adapter.ts";
import { portEntries } from "../../define/define-transform.ts";
import type { AdapterSubject } from "./adapter-subject.ts";
import { must, type Check } from "./check.ts";

/** What can be seen without running anything. */
export const definitionChecks: readonly Check<AdapterSubject>[] = [
  {
    id: "spec-literal",
    title: "states the contract version it was written for",
    run: async (subject) =>
      must(
        subject.create().spec === ADAPTER_SPEC,
        `spec is ${String(subject.create().spec)}, this kernel speaks ${ADAPTER_SPEC}`,
      ),
  },
  {
    id: "ids-prefixed",
    title: "names its transforms <adapter>.<verb>, each version once",
    run: async (subject) => {
      const adapter = subject.create();
      const seen = new Set<string>();
      for (const { id, version } of adapter.transforms) {
        must(id.startsWith(`${adapter.id}.`), `Transform "${id}" does not begin with "${adapter.id}."`);
        must(!seen.has(`${id}@${version}`), `${id}@${version} is defined twice`);
        seen.add(`${id}@${version}`);
      }
    },
  },
  {
    id: "summaries",
    title: "says in a sentence what each part is for",
    run: async (subject) => {
      const adapter = subject.create();
      for (const part of [adapter, ...adapter.transforms, ...adapter.modalities, ...adapter.backends])
        must(part.summary.trim().length >= 5, `"${part.id}" has no summary`);
    },
  },
  {
    id: "every-transform-has-a-case",
    title: "brings a case for every transform",
    run: async (subject) => {
      for (const { id } of subject.create().transforms)
        must(
          subject.cases.some((one) => one.transform === id),
          `No case runs "${id}"`,
        );
    },
  },
  {
    id: "options-strict",
    title: "refuses unknown options",
    run: async (subject) => {
      for (const transform of subject.create().transforms) {
        const example = subject.cases.find((one) => one.transform === transform.id)?.options ?? {};
        must(
          !transform.options.safeParse({ ...(example as object), "surely-no-option": 1 }).success,
          `${transform.id} accepts the unknown option "surely-no-option": use z.strictObject`,
        );
      }
    },
  },
  {
    id: "cost-finite",
    title: "predicts a finite, non-negative cost whatever is known of the input",
    run: async (subject) => {
      for (const transform of subject.create().transforms) {
        const { ms, usd = 0, joules = 0 } = transform.cost({});
        must(
          [ms, usd, joules].every((part) => Number.isFinite(part) && part >= 0),
          `${transform.id}.cost({}) is ${JSON.stringify({ ms, usd, joules })}`,
        );
      }
    },
  },
  {
    id: "loss-weights",
    title: "states losses as non-negative weights",
    run: async (subject) => {
      for (const { id, loss } of subject.create().transforms)
        must(
          Object.values(loss).every((weight) => Number.isFinite(weight) && weight >= 0),
          `${id} has a negative or endless loss`,
        );
    },
  },
  {
    id: "ladder-descends",
    title: "orders its ladder from the best rung, quality 1, downwards",
    run: async (subject) => {
      for (const { id, ladder } of subject.create().transforms) {
        must(ladder[0]?.quality === 1, `${id}: the first rung must have quality 1`);
        ladder.reduce((above, rung) => {
          must(
            rung.quality > 0 && rung.quality <= above.quality,
            `${id}: rung "${rung.name}" (${rung.quality}) stands under "${above.name}" (${above.quality})`,
          );
          return rung;
        });
      }
    },
  },
  {
    id: "coverage-declared",
    title: "says how it covers measured input",
    run: async (subject) => {
      for (const transform of subject.create().transforms) {
        const measured = portEntries(transform.from).some(
          ([, port]) => (port.kind === "many" ? port.item : port).measure !== "none",
        );
        must(
          !measured || transform.coverage === "whole" || transform.coverage === "reported",
          `${transform.id} reads measured input and declares no coverage`,
        );
      }
    },
  },
  {
    id: "frozen",
    title: "cannot be changed after it was made",
    run: async (subject) => {
      const adapter = subject.create();
      for (const part of [adapter, ...adapter.transforms, ...adapter.modalities])
        must(Object.isFrozen(part), `"${part.id}" is not frozen: make it with its define function`);
    },
  },
  {
    id: "state-initial",
    title: "begins with a state its own schema accepts, and that survives JSON",
    run: async (subject) => {
      for (const { id, state } of subject.create().transforms) {
        if (state === undefined) continue;
        const initial = state.initial();
        must(state.schema.safeParse(initial).success, `${id}: the initial state does not fit the state schema`);
        must(
          state.schema.safeParse(JSON.parse(JSON.stringify(initial))).success,
          `${id}: the initial state does not survive JSON`,
        );
        must(
          typeof initial !== "object" || initial === null || initial !== state.initial(),
          `${id}: initial() hands out the same object twice, so keys would share state`,
        );
      }
    },
  },
];
