import { expect, test } from "vitest";
import { isInstalled } from "./dependencies.mjs";

const zod = { version: "4.6.7", integrity: "sha512-zod" };
const wanted = {
  packages: {
    "": {},
    "packages/kernel": { version: "0.1.0" },
    "node_modules/zod": zod,
    "node_modules/sharp-darwin": { version: "1.0.0", optional: true },
  },
};

test("an install without other platforms' binaries matches the lockfile", () => {
  expect(isInstalled(wanted, { packages: { "node_modules/zod": zod } })).toBe(true);
});

test.each([
  ["a missing package", {}],
  ["another version", { "node_modules/zod": { ...zod, version: "4.6.8" } }],
  ["another content", { "node_modules/zod": { ...zod, integrity: "sha512-other" } }],
])("%s does not match the lockfile", (_what, packages) => {
  expect(isInstalled(wanted, { packages })).toBe(false);
});
