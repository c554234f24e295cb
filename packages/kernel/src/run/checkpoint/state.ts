import type { StateHandle } from "../../contract/run-context.ts";
import type { AnyTransform } from "../../contract/transform.ts";
import { fail } from "../../errors/catalog.ts";
import type { Json } from "../../util/json.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { Scope } from "../edge/scope.ts";
import { toJson } from "./to-json.ts";

/** Working set of a structural step (window, join, map) that a checkpoint has to carry. */
export interface Restorable {
  snapshot(): Json;
}

type KeyedState = Map<string, unknown>;

/** State of all stateful steps of one run, by step path and key. */
export class StateStore {
  readonly #steps = new Map<string, KeyedState>();
  readonly #restorables = new Map<string, Restorable>();
  /** State of a checkpoint, for steps that have not asked for theirs yet. */
  readonly #stored: Checkpoint["state"];

  readonly #ended: Set<string>;

  constructor(stored: Checkpoint["state"] = {}, ended: Checkpoint["ended"] = []) {
    this.#stored = stored;
    this.#ended = new Set(ended);
  }

  /** Steps that have come to the end of the stream they make. */
  get ended(): readonly string[] {
    return [...this.#ended];
  }

  /** A step has made its whole stream: on restart it has nothing more to say, not even a last word. */
  markEnded(path: string): void {
    this.#ended.add(path);
  }

  hasEnded(path: string): boolean {
    return this.#ended.has(path);
  }

  /** State of a stateful transform, checked against its schema when it comes from a checkpoint. Throws SG_STATE_INVALID. */
  of(path: string, transform: AnyTransform): KeyedState {
    let state = this.#steps.get(path);
    if (state === undefined) this.#steps.set(path, (state = this.#restore(path, transform)));
    return state;
  }

  /** A new stream begins inside a nested body: what was remembered of the one before is not its past. */
  forget(path: string): void {
    this.#steps.set(path, new Map());
  }

  /** What a checkpoint has stored of a structural step's working set. */
  workingSet(path: string): Json | undefined {
    return this.#stored[path]?.[""];
  }

  /** Makes the working set of a structural step part of every checkpoint. */
  attach(path: string, restorable: Restorable): void {
    this.#restorables.set(path, restorable);
  }

  /** Everything, as JSON. Throws SG_STATE_INVALID for a value JSON cannot carry. */
  snapshot(): Checkpoint["state"] {
    const snapshot: Record<string, Record<string, Json>> = {};
    for (const [path, state] of this.#steps) {
      snapshot[path] = Object.fromEntries(
        [...state].map(([key, value]) => [key, toJson(value, () => `state "${key}" of step "${path}"`)]),
      );
    }
    for (const [path, restorable] of this.#restorables)
      snapshot[path] = { "": toJson(restorable.snapshot(), () => `working set of step "${path}"`) };
    for (const [path, state] of Object.entries(this.#stored)) snapshot[path] ??= { ...state };
    return snapshot;
  }

  #restore(path: string, transform: AnyTransform): KeyedState {
    const restored: KeyedState = new Map();
    for (const [key, value] of Object.entries(this.#stored[path] ?? {})) {
      const parsed = transform.state?.schema.safeParse(value);
      if (parsed?.success !== true)
        throw fail(
          "SG_STATE_INVALID",
          `Stored state "${key}" of step "${path}" does not fit ${transform.id}@${transform.version}: ${parsed?.error.issues[0]?.message ?? "it has no state"}`,
        );
      restored.set(key, parsed.data);
    }
    return restored;
  }
}

/**
 * What one attempt of a transform sees of its state. Changes are kept apart until `commit`, so that an attempt that
 * fails and is repeated leaves no trace.
 */
export class AttemptState implements StateHandle<unknown> {
  readonly #path: string;
  readonly #transform: AnyTransform;
  readonly #committed: KeyedState;
  readonly #scope: Scope;
  #changes: Map<string, { readonly value: unknown } | undefined> | undefined;
  #writesThrough = false;

  constructor(path: string, transform: AnyTransform, store: StateStore, scope: Scope) {
    if (transform.state === undefined)
      throw fail("SG_STATE_INVALID", `${transform.id}@${transform.version} uses ctx.state and declares none`, {
        hint: "Add `state` to the transform's definition.",
      });
    this.#path = path;
    this.#transform = transform;
    this.#committed = store.of(path, transform);
    this.#scope = scope;
  }

  get(key = ""): unknown {
    this.#check(key);
    if (this.#changes?.has(key) === true) {
      const change = this.#changes.get(key);
      return change === undefined ? this.#initial() : change.value;
    }
    return this.#committed.has(key) ? this.#committed.get(key) : this.#initial();
  }

  set(state: unknown, key = ""): void {
    this.#check(key);
    (this.#changes ??= new Map()).set(key, { value: state });
    if (this.#writesThrough) this.commit();
  }

  delete(key = ""): void {
    this.#check(key);
    (this.#changes ??= new Map()).set(key, undefined);
    if (this.#writesThrough) this.commit();
  }

  keys(): readonly string[] {
    const keys = new Set(this.#committed.keys());
    for (const [key, change] of this.#changes ?? []) {
      if (change === undefined) keys.delete(key);
      else keys.add(key);
    }
    return [...keys];
  }

  commit(): void {
    const changes = this.#changes;
    this.#changes = undefined;
    if (changes === undefined || this.#scope.failure !== undefined) return;
    for (const [key, change] of changes) {
      if (this.#scope.undo !== undefined) this.#scope.undo.push(restore(this.#committed, key));
      if (change === undefined) this.#committed.delete(key);
      else this.#committed.set(key, change.value);
    }
  }

  /** From now on the attempt cannot be repeated (it has read from a stream): changes hold at once. */
  writeThrough(): void {
    this.#writesThrough = true;
    this.commit();
  }

  #initial(): unknown {
    return this.#transform.state?.initial();
  }

  #check(key: string): void {
    if (key !== "" && this.#transform.state?.scope === "stream") {
      throw fail(
        "SG_STATE_INVALID",
        `Step "${this.#path}": ${this.#transform.id} declares one state per stream and uses the key "${key}"`,
        { hint: 'Declare `scope: "key"`.' },
      );
    }
  }
}

/** Puts a key back to what it is now. */
function restore(state: KeyedState, key: string): () => void {
  const had = state.has(key);
  const value = state.get(key);
  return () => {
    if (had) state.set(key, value);
    else state.delete(key);
  };
}
