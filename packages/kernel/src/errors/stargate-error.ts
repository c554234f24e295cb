import type { JsonObject } from "../util/json.ts";
import type { CatalogEntry } from "./catalog-entry.ts";

// A registered symbol, so that two installed copies of the kernel recognise each other's errors.
const brand = Symbol.for("stargate.error");

export interface StargateErrorInit {
  readonly code: string;
  readonly entry: CatalogEntry;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly cause?: unknown;
  readonly details?: JsonObject | undefined;
}

/**
 * The one error class. Made by the factory of a catalogue (`createErrorFactory`), never with `new` elsewhere.
 * `message` names the offending value and its limit; `hint` says what to do.
 */
export class StargateError extends Error {
  override readonly name = "StargateError";
  readonly code: string;
  readonly title: string;
  readonly hint: string;
  readonly status: number;
  readonly retryable: boolean;
  readonly public: boolean;
  readonly details: JsonObject;

  constructor(init: StargateErrorInit) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause });
    this.code = init.code;
    this.title = init.entry.title;
    this.hint = init.hint ?? init.entry.solution;
    this.status = init.entry.status;
    this.retryable = init.entry.retryable;
    this.public = init.entry.public;
    this.details = init.details ?? {};
    Object.defineProperty(this, brand, { value: true });
  }
}

/** Recognises errors of any installed copy of the kernel. */
export function isStargateError(value: unknown): value is StargateError {
  return value instanceof Error && (value as { [brand]?: unknown })[brand] === true; // the brand is ours, read only
}
