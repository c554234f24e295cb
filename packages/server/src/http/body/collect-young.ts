import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/**
 * Every chunk of a body is a buffer of its own outside the JavaScript heap, which V8 does not look at before 64 MiB of
 * them have piled up. A collection of the young generation takes about a millisecond and frees them all.
 */
export const collectEveryBytes = 16 * 2 ** 20;

type Collect = (options: { readonly type: "minor" }) => void;
let collect: Collect | undefined;

/** Frees what young objects hold outside the heap. */
export function collectYoung(): void {
  collect ??= exposedCollector();
  collect({ type: "minor" });
}

/** The collector is reachable by a flag only; a fresh context sees it even when the process started without. */
function exposedCollector(): Collect {
  setFlagsFromString("--expose-gc");
  const exposed = runInNewContext("gc") as Collect; // what the flag above exposes
  setFlagsFromString("--no-expose-gc");
  return exposed;
}
