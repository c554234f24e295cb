import { knownAdapters } from "../registry/known-adapters.ts";
import { byTime, weigher, type PlanningTask } from "./planning-task.ts";
import { edgesOf, findWays } from "./search.ts";

/** Why there is no plan, and what would make one. */
export interface MissingHop {
  /** Modalities that can be made from what there is, the input first. */
  readonly from: readonly string[];
  readonly to: string;
  /** Modalities the goal can be made from. */
  readonly makeableFrom: readonly string[];
  /** Transforms that would complete a way, and why they may not. */
  readonly blocked: readonly { readonly transform: string; readonly reason: string }[];
  /** Published packages that provide the hop and are not open. */
  readonly adapters: readonly string[];
  readonly message: string;
  readonly hint: string | undefined;
}

/** Names what stands between source and goal: refused transforms, time, or a conversion nobody provides. */
export function findMissingHop(task: PlanningTask): MissingHop {
  const { index, source, goals, request, judge, deadlineMs } = task;
  const weigh = weigher(task);
  const ahead = findWays({ index, source, weigh });
  const from = itemNames(ahead.keys());
  const makeableFrom = itemNames(
    goals.flatMap((goal) => [...findWays({ index, source: goal, weigh, backwards: true }).keys()]),
  ).filter((id) => !goals.includes(id));
  const adapters = adaptersFor(task, new Set(from), new Set([request.to, ...makeableFrom]));
  const found = { from, to: request.to, makeableFrom, adapters };

  if (goals.some((goal) => ahead.has(goal))) {
    const fastest = findWays({ index, source, weigh: byTime(weigh) });
    const ms = Math.min(...goals.map((goal) => fastest.get(goal)?.ms ?? Infinity));
    const message = `The fastest way from ${source} to ${request.to} is predicted to take ${Math.round(ms)} ms; the deadline is ${deadlineMs} ms`;
    return { ...found, blocked: [], message, hint: "Raise the deadline or send a smaller input." };
  }

  const relaxed = findWays({ index, source, weigh: (edge) => judge(edge).weight });
  const way = goals.map((goal) => relaxed.get(goal)).find((candidate) => candidate !== undefined);
  const blocked = (way === undefined ? [] : edgesOf(way)).flatMap((edge) => {
    const { refusal } = judge(edge);
    return refusal === undefined ? [] : [{ transform: edge.transform.id, reason: refusal.reason }];
  });
  if (blocked.length > 0) {
    const reasons = blocked.map(({ transform, reason }) => `${transform}: ${reason}`).join("; ");
    return {
      ...found,
      blocked,
      message: `No way from ${source} to ${request.to} is allowed: ${reasons}`,
      hint: adapterHint(adapters),
    };
  }
  const sources =
    makeableFrom.length === 0
      ? `nothing open makes ${request.to}`
      : `${request.to} can be made from: ${makeableFrom.join(", ")}`;
  return {
    ...found,
    blocked,
    message: `Nothing turns ${anyOf(from)} into ${request.to}; ${sources}`,
    hint: adapterHint(adapters),
  };
}

/** Packages whose conversions lead from where one gets to the goal, alone or one after another. */
function adaptersFor(
  { registry }: PlanningTask,
  ahead: ReadonlySet<string>,
  behind: ReadonlySet<string>,
): readonly string[] {
  const open = new Set(registry.adapters.map(({ id }) => `@stargate/adapter-${id}`));
  return knownAdapters
    .filter(({ package: name, provides }) => {
      const reached = new Set(ahead);
      for (let before = -1; before < reached.size;) {
        before = reached.size;
        for (const { from, to } of provides) if (reached.has(from)) reached.add(to);
      }
      return !open.has(name) && [...reached].some((id) => !ahead.has(id) && behind.has(id));
    })
    .map(({ package: name }) => name);
}

function adapterHint(adapters: readonly string[]): string | undefined {
  return adapters.length === 0 ? undefined : `Install and open ${adapters.join(" or ")}.`;
}

/** Modality ids of ports, streams and single values alike, in order and without repeats. */
function itemNames(ports: Iterable<string>): readonly string[] {
  return [...new Set([...ports].map((port) => /^many\((.*)\)$/.exec(port)?.[1] ?? port))];
}

function anyOf(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} or ${names.at(-1) ?? ""}`;
}
