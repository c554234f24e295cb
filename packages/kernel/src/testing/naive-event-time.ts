import type { AnyModality } from "../contract/modality.ts";
import type { CompiledJoinStep, CompiledWindowStep } from "../graph/compiled-graph.ts";
import type { JoinedValue, WindowValue } from "../modalities/derived-modalities.ts";
import { readKey } from "../graph/field-path.ts";

interface Timed {
  readonly value: unknown;
  readonly timeSeconds: number;
  readonly key: string;
  /** The stream is complete up to here before this item, and after it. */
  readonly markBefore: number;
  readonly markAfter: number;
}

type Window = WindowValue<unknown> & { readonly closedBy: number };

/** Windows over a whole stream, by definition: every possible window is looked at, with the items that reach it in time. */
export function naiveWindows({ spec, item }: CompiledWindowStep, values: readonly unknown[]): WindowValue<unknown>[] {
  const items = timed(item, values, spec.key, spec.lateSeconds ?? 0);
  const keys = [...new Set(items.map(({ key }) => key))];
  const { size } = spec;
  const windows = keys.flatMap((key) => ("items" in size ? byCount(items, key, size.items) : byTime(items, key, size)));
  return windows
    .toSorted((a, b) => a.closedBy - b.closedBy || a.endSeconds - b.endSeconds || (a.key < b.key ? -1 : 1))
    .map(({ closedBy: _closedBy, ...window }) => window);
}

function byCount(items: readonly Timed[], key: string, limit: number): Window[] {
  const own = items.map((item, index) => ({ ...item, index })).filter((item) => item.key === key);
  return Array.from({ length: Math.ceil(own.length / limit) }, (_, chunk) => {
    const part = own.slice(chunk * limit, (chunk + 1) * limit);
    const times = part.map(({ timeSeconds }) => timeSeconds);
    return {
      startSeconds: Math.min(...times),
      endSeconds: Math.max(...times),
      key,
      items: part.map(({ value }) => value),
      closedBy: part.length === limit ? (part.at(-1)?.index ?? 0) : items.length,
    };
  });
}

function byTime(
  items: readonly Timed[],
  key: string,
  { seconds, everySeconds = seconds }: { readonly seconds: number; readonly everySeconds?: number | undefined },
): Window[] {
  const times = items.map(({ timeSeconds }) => timeSeconds);
  const first = Math.floor((Math.min(...times) - seconds) / everySeconds) - 1;
  const last = Math.ceil(Math.max(...times) / everySeconds) + 1;
  return Array.from({ length: last - first + 1 }, (_, offset) => first + offset).flatMap((index) => {
    const startSeconds = index === 0 ? 0 : index * everySeconds;
    const endSeconds = startSeconds + seconds;
    const inside = items.filter(
      (item) =>
        item.key === key &&
        item.timeSeconds >= startSeconds &&
        item.timeSeconds < endSeconds &&
        item.markBefore < endSeconds,
    );
    const closing = items.findIndex(({ markAfter }) => markAfter >= endSeconds);
    return inside.length === 0
      ? []
      : [
          {
            startSeconds,
            endSeconds,
            key,
            items: inside.map(({ value }) => value),
            closedBy: closing < 0 ? items.length : closing,
          },
        ];
  });
}

/** Every left item that is not late with all right items that are not late, of the same key and near in time. */
export function naiveJoin(
  { spec, leftItem, rightItem }: CompiledJoinStep,
  left: readonly unknown[],
  right: readonly unknown[],
): JoinedValue<unknown, unknown>[] {
  const inTime = (item: Timed): boolean => item.timeSeconds >= item.markBefore;
  const partners = timed(rightItem, right, spec.key, spec.lateSeconds ?? 0).filter(inTime);
  return timed(leftItem, left, spec.key, spec.lateSeconds ?? 0)
    .filter(inTime)
    .map(({ timeSeconds, key, value }) => ({
      timeSeconds,
      key,
      left: value,
      right: partners
        .filter((partner) => partner.key === key && Math.abs(partner.timeSeconds - timeSeconds) <= spec.withinSeconds)
        .map((partner) => partner.value),
    }));
}

/** Late items do not move the mark: it is the largest time seen, and they are not the largest. */
function timed(
  modality: AnyModality,
  values: readonly unknown[],
  key: string | undefined,
  lateSeconds: number,
): Timed[] {
  return values.map((value, index) => {
    const timeSeconds = modality.timeOf?.(value) ?? NaN;
    const earlier = values.slice(0, index).map((other) => modality.timeOf?.(other) ?? NaN);
    return {
      value,
      timeSeconds,
      key: key === undefined ? "" : (readKey(value, key) ?? ""),
      markBefore: Math.max(...earlier) - lateSeconds,
      markAfter: Math.max(...earlier, timeSeconds) - lateSeconds,
    };
  });
}
