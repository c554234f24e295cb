import type { Blockable, Process, Wait } from "./process.ts";
import type { Quiescence } from "./quiescence.ts";

/** Why a scope ended early. */
export interface Failure {
  readonly error: unknown;
  /** Path of the step that failed; none when the run as a whole was ended. */
  readonly step?: string | undefined;
}

export interface ScopeOptions {
  readonly parent?: Scope | undefined;
  readonly isolated?: boolean | undefined;
  readonly item?: string | undefined;
  readonly oneOfMany?: boolean | undefined;
}

/**
 * The processes of one body that is being run. An isolated scope (the whole run, an item of a soft map, a soft
 * sub-pipeline) keeps a failure to itself; any other hands it to its parent.
 */
export class Scope implements Blockable {
  readonly quiescence: Quiescence;
  readonly parent: Scope | undefined;
  readonly isolated: boolean;
  /** The body runs several times (map, loop): a stream inside it is a new one each time, with no past to restore. */
  readonly oneOfMany: boolean;
  /** Which item of a map this body works on: "item 7". */
  readonly item: string | undefined;
  readonly forRoom = false;
  failure: Failure | undefined;
  /** Takes back what this body did to states, in case it is left out: then it leaves no trace. */
  readonly undo: (() => void)[] | undefined;
  /** Called once, when the scope fails or its last process ends. */
  onSettled: (() => void) | undefined;
  /** What the body gives can be left out while the run goes on. */
  readonly #leavesOut: boolean;
  readonly #processes = new Set<Process>();
  #children: Set<Scope> | undefined;
  #controller: AbortController | undefined;
  #wait: Wait | undefined;

  constructor(quiescence: Quiescence, { parent, isolated = true, item, oneOfMany = false }: ScopeOptions = {}) {
    this.quiescence = quiescence;
    this.parent = parent;
    this.isolated = isolated;
    this.oneOfMany = oneOfMany || parent?.oneOfMany === true;
    this.item = parent?.item === undefined ? item : item === undefined ? parent.item : `${parent.item}, ${item}`;
    this.failure = parent?.failure;
    this.#leavesOut = item !== undefined || (isolated && this.oneOfMany);
    this.undo = this.#leavesOut ? [] : parent?.undo;
    if (parent !== undefined) (parent.#children ??= new Set()).add(this);
  }

  /** Aborted when the scope fails. Made on first use: most steps never look. */
  get signal(): AbortSignal {
    if (!this.isolated && this.parent !== undefined) return this.parent.signal;
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.failure !== undefined) this.#controller.abort(this.failure.error);
    }
    return this.#controller.signal;
  }

  get settled(): boolean {
    return this.failure !== undefined || this.#processes.size === 0;
  }

  add(process: Process): void {
    this.#processes.add(process);
  }

  remove(process: Process): void {
    this.#processes.delete(process);
    if (this.#processes.size === 0 && this.failure === undefined) this.#settle();
  }

  /** Ends everything in the scope. The first failure counts. */
  fail(failure: Failure): void {
    if (this.failure !== undefined) return;
    if (!this.isolated && this.parent !== undefined) this.parent.fail(failure);
    else this.quiescence.atomically(() => this.#cancel(failure));
  }

  /** Parks `process` until the scope has settled. */
  async whenSettled(process: Process): Promise<void> {
    if (this.settled) return;
    await process.park(this).ended;
    process.throwIfEnded();
  }

  keep(wait: Wait): void {
    this.#wait = wait;
  }

  /** What a settled scope waits for lies inside it, where its own processes are looked at. */
  blockers(): readonly [] {
    return [];
  }

  #cancel(failure: Failure): void {
    this.failure = failure;
    this.#controller?.abort(failure.error);
    for (const child of this.#children ?? []) child.#cancel(failure);
    for (const process of this.#processes) process.abandon(failure.error);
    this.#settle();
  }

  /** Takes back what the body did to states. */
  rollBack(): void {
    for (let undo = this.undo?.pop(); undo !== undefined; undo = this.undo?.pop()) undo();
  }

  #settle(): void {
    if (this.parent !== undefined) this.parent.#children?.delete(this);
    if (this.isolated && this.failure !== undefined) this.rollBack();
    this.onSettled?.();
    this.onSettled = undefined;
    if (this.#leavesOut) this.parent?.undo?.push(...(this.undo ?? []));
    this.#wait?.wake();
  }
}
