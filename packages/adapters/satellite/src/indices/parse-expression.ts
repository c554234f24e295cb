import { didYouMean } from "@stargate/kernel/backend";
import {
  type BinaryOperator,
  expressionFunctions,
  type ExpressionNode,
  type FunctionName,
} from "./expression-syntax.ts";
import { expressionError, type Token, tokenize } from "./tokenize.ts";

/** Deepest nesting: parentheses, functions, choices and signs inside one another. */
const MAX_DEPTH = 50;

const comparisons = ["<", "<=", ">", ">=", "==", "!="] as const;
const sums = ["+", "-"] as const;
const products = ["*", "/"] as const;

/**
 * Reads a band expression: numbers, band names, + - * / ^ (to the right, before the sign: -2^2 is -4), parentheses,
 * min max abs sqrt log clamp(x, low, high), comparisons (1 or 0) and `condition ? then : otherwise`.
 * Throws SG_SATELLITE_EXPRESSION with the position of the mistake.
 */
export function parseExpression(text: string): ExpressionNode {
  const parser = createParser(text);
  const node = parser.choice(0);
  parser.end();
  return node;
}

interface Parser {
  choice(depth: number): ExpressionNode;
  /** Refuses what is left over. */
  end(): void;
}

function createParser(text: string): Parser {
  const tokens = tokenize(text);
  const last: Token = { kind: "end", text: "", position: text.length };
  let index = 0;
  const peek = (): Token => tokens[index] ?? last;
  const problem = (token: Token, what: string, hint?: string) => expressionError(text, token.position, what, hint);

  function accept<S extends string>(symbols: readonly S[]): S | undefined {
    const token = peek();
    const found = token.kind === "symbol" ? symbols.find((symbol) => symbol === token.text) : undefined;
    if (found !== undefined) index += 1;
    return found;
  }

  function expect(symbol: string): void {
    if (accept([symbol]) !== undefined) return;
    const token = peek();
    throw problem(token, `"${symbol}" expected${token.kind === "end" ? " before the end" : `, not "${token.text}"`}`);
  }

  function leftToRight(
    operators: readonly BinaryOperator[],
    next: (depth: number) => ExpressionNode,
    depth: number,
  ): ExpressionNode {
    let left = next(depth);
    // A chain of n operators makes a tree n deep; the limit on characters bounds it.
    for (let operator = accept(operators); operator !== undefined; operator = accept(operators)) {
      left = { kind: "binary", operator, left, right: next(depth) };
    }
    return left;
  }

  function choice(depth: number): ExpressionNode {
    if (depth > MAX_DEPTH) throw problem(peek(), `nested deeper than ${MAX_DEPTH} levels`);
    const condition = comparison(depth);
    if (accept(["?"]) === undefined) return condition;
    const whenTrue = choice(depth + 1);
    expect(":");
    return { kind: "choice", condition, whenTrue, otherwise: choice(depth + 1) };
  }

  function comparison(depth: number): ExpressionNode {
    const left = sum(depth);
    const operator = accept(comparisons);
    if (operator === undefined) return left;
    const node: ExpressionNode = { kind: "binary", operator, left, right: sum(depth) };
    if (comparisons.some((other) => other === peek().text)) {
      throw problem(peek(), "comparisons cannot be chained", "Write (a < b) * (b < c).");
    }
    return node;
  }

  function sum(depth: number): ExpressionNode {
    return leftToRight(sums, product, depth);
  }

  function product(depth: number): ExpressionNode {
    return leftToRight(products, signed, depth);
  }

  function signed(depth: number): ExpressionNode {
    if (depth > MAX_DEPTH) throw problem(peek(), `nested deeper than ${MAX_DEPTH} levels`);
    const sign = accept(sums);
    if (sign === "-") return { kind: "negate", operand: signed(depth + 1) };
    return sign === "+" ? signed(depth + 1) : power(depth);
  }

  function power(depth: number): ExpressionNode {
    const left = primary(depth);
    return accept(["^"]) === undefined ? left : { kind: "binary", operator: "^", left, right: signed(depth + 1) };
  }

  function primary(depth: number): ExpressionNode {
    const token = peek();
    if (accept(["("]) !== undefined) {
      const inner = choice(depth + 1);
      expect(")");
      return inner;
    }
    if (token.kind === "end") throw problem(token, "a number, a band or a parenthesis expected before the end");
    if (token.kind === "symbol")
      throw problem(token, `a number, a band or a parenthesis expected, not "${token.text}"`);
    index += 1;
    if (token.kind === "number") return { kind: "number", value: Number(token.text) };
    return accept(["("]) === undefined ? { kind: "band", name: token.text } : call(token, depth);
  }

  function call(token: Token, depth: number): ExpressionNode {
    if (!isFunction(token.text)) {
      const known = Object.keys(expressionFunctions);
      throw problem(
        token,
        `unknown function "${token.text}"${didYouMean(token.text, known)}`,
        `Use ${known.join(", ")}.`,
      );
    }
    const operands = [choice(depth + 1)];
    while (accept([","]) !== undefined) operands.push(choice(depth + 1));
    expect(")");
    const { least, most } = expressionFunctions[token.text];
    if (operands.length < least || operands.length > most) {
      const wanted = least === most ? String(least) : `${least} to ${most}`;
      throw problem(token, `${token.text} takes ${wanted} arguments, not ${operands.length}`);
    }
    return { kind: "call", name: token.text, operands };
  }

  return {
    choice,
    end: () => {
      const token = peek();
      if (token.kind !== "end") throw problem(token, `an operator expected, not "${token.text}"`);
    },
  };
}

function isFunction(name: string): name is FunctionName {
  return Object.hasOwn(expressionFunctions, name);
}
