import { fail } from "../errors/catalog.ts";

/** A map that knows who put each entry in, so that a conflict can name both sides. */
export interface OwnedMap<T> {
  readonly byKey: ReadonlyMap<string, T>;
  /** Throws SG_ADAPTER_CONFLICT when the key holds something else. The same object twice is fine. */
  add(key: string, value: T, owner: string): void;
  addIfNew(key: string, value: T, owner: string): void;
  owner(key: string): string;
}

/** `what` names the entries in messages: "transform". */
export function ownedMap<T>(what: string): OwnedMap<T> {
  const byKey = new Map<string, T>();
  const owners = new Map<string, string>();
  const set = (key: string, value: T, owner: string): void => {
    byKey.set(key, value);
    owners.set(key, owner);
  };
  return {
    byKey,
    owner: (key) => owners.get(key) ?? "",
    add(key, value, owner) {
      const held = byKey.get(key);
      if (held === undefined) set(key, value, owner);
      else if (held !== value || what === "adapter") throw conflict(what, key, owners.get(key) ?? "", owner);
    },
    addIfNew(key, value, owner) {
      if (!byKey.has(key)) set(key, value, owner);
    },
  };
}

function conflict(what: string, key: string, first: string, second: string): Error {
  if (what === "adapter")
    return fail("SG_ADAPTER_CONFLICT", `Adapter "${key}" is opened twice`, { hint: "Open it once." });
  return fail("SG_ADAPTER_CONFLICT", `The ${what} "${key}" is defined by ${quoted(first)} and by ${quoted(second)}`);
}

function quoted(owner: string): string {
  return /[ "]/.test(owner) ? owner : `adapter "${owner}"`;
}
