import type { BinaryOperator, ExpressionNode } from "./expression-syntax.ts";
import { emitLogarithm } from "./emit-logarithm.ts";
import { code, constant, op, POWER_FUNCTION, unsigned } from "./wasm-module.ts";

/** Where the emitter finds the value of a band, and takes variables for its own use. */
export interface EmitScope {
  /** Number of the local that holds the band of this pixel. */
  bandLocal(name: string): number;
  /** Number of an f64 local nobody else uses. */
  freshLocal(): number;
  /** Number of an i64 local for the bits of a number. */
  readonly bits: number;
  /** Locals that hold parts of the expression which have been computed, by how they are written. */
  readonly known: Map<string, number>;
}

/**
 * Instructions that leave the value of the expression on the stack, in double precision. Division by zero and what
 * cannot be computed is NaN; a NaN that goes in comes out, through comparisons and choices as well.
 */
export function emitExpression(node: ExpressionNode, scope: EmitScope): readonly number[] {
  if (node.kind === "number" || node.kind === "band" || node.kind === "negate") return emitNode(node, scope);
  // What is written twice is computed once: nothing is skipped on the way, so the first one always comes first.
  const written = JSON.stringify(node);
  const known = scope.known.get(written);
  if (known !== undefined) return code(op.localGet, unsigned(known));
  const instructions = emitNode(node, scope);
  const local = scope.freshLocal();
  scope.known.set(written, local);
  return code(instructions, op.localTee, unsigned(local));
}

function emitNode(node: ExpressionNode, scope: EmitScope): readonly number[] {
  const emit = (inner: ExpressionNode): readonly number[] => emitExpression(inner, scope);
  switch (node.kind) {
    case "number":
      return constant(node.value);
    case "band":
      return [op.localGet, ...unsigned(scope.bandLocal(node.name))];
    case "negate":
      return [...emit(node.operand), op.f64Negate];
    case "binary":
      return emitBinary(node.operator, node.left, node.right, scope);
    case "choice": {
      const condition = unsigned(scope.freshLocal());
      const get = code(op.localGet, condition);
      return code(
        code(emit(node.condition), op.localSet, condition),
        code(emit(node.whenTrue), emit(node.otherwise), get, constant(0), op.f64NotEqual, op.select),
        // 0 for every number, NaN for NaN: what is not known decides nothing.
        code(get, get, op.f64Subtract, op.f64Add),
      );
    }
    case "call":
      return emitCall(node, scope);
  }
}

function emitCall(node: Extract<ExpressionNode, { kind: "call" }>, scope: EmitScope): readonly number[] {
  const [first = [], ...others] = node.operands.map((operand) => emitExpression(operand, scope));
  switch (node.name) {
    case "abs":
      return [...first, op.f64Absolute];
    case "sqrt":
      return [...first, op.f64SquareRoot];
    case "log":
      return emitLogarithm(first, scope);
    case "min":
      return [...first, ...others.flatMap((other) => [...other, op.f64Minimum])];
    case "max":
      return [...first, ...others.flatMap((other) => [...other, op.f64Maximum])];
    case "clamp":
      return [...first, ...(others[0] ?? []), op.f64Maximum, ...(others[1] ?? []), op.f64Minimum];
  }
}

const arithmetic = { "+": op.f64Add, "-": op.f64Subtract, "*": op.f64Multiply } as const;
const comparison = {
  "<": op.f64Less,
  "<=": op.f64LessOrEqual,
  ">": op.f64Greater,
  ">=": op.f64GreaterOrEqual,
  "==": op.f64Equal,
  "!=": op.f64NotEqual,
} as const;

function emitBinary(
  operator: BinaryOperator,
  left: ExpressionNode,
  right: ExpressionNode,
  scope: EmitScope,
): readonly number[] {
  const a = emitExpression(left, scope);
  const b = emitExpression(right, scope);
  switch (operator) {
    case "+":
    case "-":
    case "*":
      return [...a, ...b, arithmetic[operator]];
    case "/": {
      const divisor = unsigned(scope.freshLocal());
      const quotient = code(a, b, op.localTee, divisor, op.f64Divide);
      return code(quotient, constant(Number.NaN), op.localGet, divisor, constant(0), op.f64NotEqual, op.select);
    }
    case "^":
      return emitPower(a, b, right, scope);
    case "<":
    case "<=":
    case ">":
    case ">=":
    case "==":
    case "!=": {
      const [x, y] = [unsigned(scope.freshLocal()), unsigned(scope.freshLocal())];
      const getX = code(op.localGet, x);
      const getY = code(op.localGet, y);
      return code(
        code(a, op.localSet, x, b, op.localSet, y),
        code(getX, getY, comparison[operator], op.f64FromI32Unsigned),
        // Nothing is added to a comparison of numbers; one with NaN becomes NaN instead of "no".
        code(getX, getX, op.f64Subtract, getY, getY, op.f64Subtract, op.f64Add, op.f64Add),
      );
    }
  }
}

/** Roots and the first powers need no call. */
function emitPower(
  base: readonly number[],
  exponent: readonly number[],
  written: ExpressionNode,
  scope: EmitScope,
): readonly number[] {
  const power = written.kind === "number" ? written.value : undefined;
  if (power === 1) return base;
  if (power === 0.5) return [...base, op.f64SquareRoot];
  if (power === 2 || power === 3 || power === 4) {
    const local = unsigned(scope.freshLocal());
    const factors = Array.from({ length: power - 1 }, () => code(op.localGet, local, op.f64Multiply));
    return code(base, op.localTee, local, factors.flat());
  }
  return code(base, exponent, op.call, POWER_FUNCTION);
}
