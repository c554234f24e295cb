import { expect, test } from "vitest";
import { decodeDataUrl, isDataUrl } from "./data-url.ts";

test.each([
  ["data:text/plain;base64,aGVsbG8=", "text/plain", "hello"],
  ["data:text/csv;charset=utf-8;base64,YSxi", "text/csv", "a,b"],
  ["data:,a%20b", "text/plain", "a b"],
  ["data:application/json,%7B%7D", "application/json", "{}"],
  ["data:IMAGE/PNG;base64,", "image/png", ""],
])("%s", async (url, type, text) => {
  const blob = decodeDataUrl(url, "input");
  expect(blob.type).toBe(type);
  expect(await blob.text()).toBe(text);
});

test.each(["data:text/plain;base64,a b", "data:text/plain;base64,a=b", "data:,%E0%A4%A", "data:no-comma"])(
  "%s is refused",
  (url) => {
    expect(() => decodeDataUrl(url, "input")).toThrow(/"input"/);
  },
);

test("prose that begins with data: is no data URL", () => {
  expect(isDataUrl("data: the new oil, they say")).toBe(false);
  expect(isDataUrl("database:,")).toBe(false);
  expect(isDataUrl("data:;base64,")).toBe(true);
});
