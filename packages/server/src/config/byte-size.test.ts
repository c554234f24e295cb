import { expect, test } from "vitest";
import { byteSizeSchema, formatBytes } from "./byte-size.ts";

test.each([
  [1024, 1024],
  ["1 KiB", 1024],
  ["2MB", 2_000_000],
  ["1.5 GiB", 1_610_612_736],
  ["7 b", 7],
])("%s is %d bytes", (size, bytes) => {
  expect(byteSizeSchema.parse(size)).toBe(bytes);
});

test.each([0, -1, 1.5, "", "lots", "5 TB", "MiB"])("%s is refused", (size) => {
  expect(byteSizeSchema.safeParse(size).success).toBe(false);
});

test.each([
  [0, "0 B"],
  [1023, "1023 B"],
  [1024, "1 KiB"],
  [1_572_864, "1.5 MiB"],
  [2 ** 40, "1024 GiB"],
])("%d bytes read %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
