/** Functions of band expressions, with how many arguments each takes. */
export const expressionFunctions = {
  min: { least: 2, most: 8 },
  max: { least: 2, most: 8 },
  abs: { least: 1, most: 1 },
  sqrt: { least: 1, most: 1 },
  log: { least: 1, most: 1 },
  clamp: { least: 3, most: 3 },
} as const;

export type FunctionName = keyof typeof expressionFunctions;
export type BinaryOperator = "+" | "-" | "*" | "/" | "^" | "<" | "<=" | ">" | ">=" | "==" | "!=";

/** A band expression, read. */
export type ExpressionNode =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "band"; readonly name: string }
  | { readonly kind: "negate"; readonly operand: ExpressionNode }
  | {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: ExpressionNode;
      readonly right: ExpressionNode;
    }
  | { readonly kind: "call"; readonly name: FunctionName; readonly operands: readonly ExpressionNode[] }
  | {
      readonly kind: "choice";
      readonly condition: ExpressionNode;
      readonly whenTrue: ExpressionNode;
      readonly otherwise: ExpressionNode;
    };
