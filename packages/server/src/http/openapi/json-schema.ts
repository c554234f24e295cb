import type { Json, JsonObject } from "@stargate/kernel";
import { z } from "zod";

/**
 * JSON Schema of a zod schema as a component of an OpenAPI document: what JSON cannot say (a Blob) becomes "anything",
 * and references inside point to where the component will stand.
 */
export function componentSchema(schema: z.ZodType, componentName: string): JsonObject {
  const { $schema: _dialect, ...definition } = z.toJSONSchema(schema, { unrepresentable: "any", io: "output" });
  return withReferences(definition as unknown as JsonObject, `#/components/schemas/${componentName}`) as JsonObject; // a JSON Schema is JSON
}

/** A reference to a component. */
export function reference(componentName: string): JsonObject {
  return { $ref: `#/components/schemas/${componentName}` };
}

/** "page-text" -> "PageText" */
export function componentName(modalityId: string): string {
  return modalityId
    .replaceAll(/(?:^|[^a-z0-9]+)([a-z0-9])/gi, (_match, letter: string) => letter.toUpperCase())
    .replaceAll(/[^A-Za-z0-9]/g, "");
}

function withReferences(value: Json | undefined, root: string): Json | undefined {
  if (Array.isArray(value)) return value.map((item: Json) => withReferences(item, root) ?? null);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      key === "$ref" && typeof member === "string" && member.startsWith("#")
        ? root + member.slice(1)
        : withReferences(member as Json | undefined, root),
    ]),
  );
}
