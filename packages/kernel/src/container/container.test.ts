import { expect, test } from "vitest";
import { Container, token } from "./container.ts";

test("a service is made once per container, and by its own factory", () => {
  const count = token<number>("count");
  let made = 0;
  const one = new Container().provide(count, () => ++made);
  const other = new Container().provide(count, () => ++made);
  expect([one.get(count), one.get(count), other.get(count)]).toEqual([1, 1, 2]);
});

test("nothing of what tsyringe asks for stays behind on a global", () => {
  expect("getMetadata" in Reflect).toBe(false);
});
