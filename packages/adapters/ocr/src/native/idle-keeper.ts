/** Unused things are looked at this often; what has not been used between two looks is let go. */
const LOOK_MS = 2000;

interface Kept {
  readonly letGo: () => void;
  looks: number;
}

const kept = new Set<Kept>();
let timer: NodeJS.Timeout | undefined;

/**
 * Keeps an expensive thing (an engine, an opened document) for its next use, and lets it go when none comes within a
 * few seconds. One timer serves all of them, and it keeps no process alive. Returns a function that takes the thing
 * back into use.
 */
export function keepIdle(letGo: () => void): () => void {
  const entry: Kept = { letGo, looks: 0 };
  kept.add(entry);
  timer ??= setTimeout(look, LOOK_MS).unref();
  return () => void kept.delete(entry);
}

/** Lets everything go now. */
export function letGoOfIdle(): void {
  for (const entry of kept) release(entry);
  clearTimeout(timer);
  timer = undefined;
}

function look(): void {
  timer = undefined;
  for (const entry of kept) {
    entry.looks += 1;
    if (entry.looks > 1) release(entry);
  }
  if (kept.size > 0) timer = setTimeout(look, LOOK_MS).unref();
}

function release(entry: Kept): void {
  kept.delete(entry);
  entry.letGo();
}
