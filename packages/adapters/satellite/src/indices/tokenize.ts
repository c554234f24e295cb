import type { StargateError } from "@stargate/kernel";
import { fail } from "../satellite-errors.ts";

/** Longest expression read. */
const MAX_CHARACTERS = 1000;

export interface Token {
  readonly kind: "number" | "name" | "symbol" | "end";
  readonly text: string;
  /** Offset of its first character in the expression, from 0. */
  readonly position: number;
}

// Names may have a dot inside: "pre.nir" is the band nir of the picture "pre".
const pattern =
  /\s*(?:(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|([A-Za-z_][\w.]*)|(<=|>=|==|!=|[-+*/^(),<>?:]))/y;

/** Takes an expression apart. Throws SG_SATELLITE_EXPRESSION on characters that mean nothing. */
export function tokenize(text: string): readonly Token[] {
  if (text.length > MAX_CHARACTERS) {
    throw fail(
      "SG_SATELLITE_EXPRESSION",
      `The expression has ${text.length} characters; the limit is ${MAX_CHARACTERS}`,
      { hint: "Shorten it, or compute it in two steps." },
    );
  }
  const tokens: Token[] = [];
  pattern.lastIndex = 0;
  let end = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const [, number, name, symbol] = match;
    const found = number ?? name ?? symbol ?? "";
    end = pattern.lastIndex;
    tokens.push({
      kind: number === undefined ? (name === undefined ? "symbol" : "name") : "number",
      text: found,
      position: end - found.length,
    });
  }
  const rest = text.slice(end);
  const gap = rest.length - rest.trimStart().length;
  if (gap < rest.length) {
    throw expressionError(text, end + gap, `"${rest.trimStart().slice(0, 1)}" means nothing here`);
  }
  tokens.push({ kind: "end", text: "", position: text.length });
  return tokens;
}

/** SG_SATELLITE_EXPRESSION that shows where. Positions are counted from 1 in the message. */
export function expressionError(text: string, position: number, problem: string, hint?: string): StargateError {
  // A long expression is cut around the place, so that the pointer stays below it.
  const from = Math.max(0, position - 50);
  const shown = text.slice(from, position + 30).replaceAll(/\s/g, " ");
  const pointer = `${" ".repeat(position - from)}^`;
  return fail(
    "SG_SATELLITE_EXPRESSION",
    `Expression, position ${position + 1}: ${problem}\n  ${shown}\n  ${pointer}`,
    hint === undefined ? {} : { hint },
  );
}
