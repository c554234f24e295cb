import { expect, it } from "vitest";
import { configSchema } from "../../config/config-schema.ts";
import { isHostRule } from "./host-allow-list.ts";

it.each([
  "example.org",
  "*.example.org",
  "example.org:8443",
  "example.org:*",
  "10.0.0.7:9000",
  "[fd00::7]:9000",
  "localhost",
  "münchen.example",
])("takes %s as a rule", (rule) => {
  expect(isHostRule(rule)).toBe(true);
});

it.each([
  "",
  "*",
  "https://example.org",
  "example.org/path",
  "user@example.org",
  "*.*.org",
  "a b",
  "example.org:99999999",
  "exa\\mple.org",
  "[fd00::7",
])("does not take %j", (rule) => {
  expect(isHostRule(rule)).toBe(false);
});

it("makes a wrong host or network in the configuration fail at start", () => {
  expect(configSchema.safeParse({ allow: { hosts: ["https://example.org"] } }).error?.issues[0]?.path).toEqual([
    "allow",
    "hosts",
    0,
  ]);
  expect(configSchema.safeParse({ allow: { networks: ["example.org"] } }).error?.issues[0]?.path).toEqual([
    "allow",
    "networks",
    0,
  ]);
});
