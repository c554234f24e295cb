import { seededRandom } from "@stargate/kernel/testing";
import { expect, test } from "vitest";
import { addSurprise, noShift } from "./shift-detector.ts";

/** Calls until the alarm, at most `most`. */
function callsUntilAlarm(next: () => number, most: number): number {
  let sums = noShift;
  for (let call = 1; call <= most; call++) {
    const step = addSurprise(sums, next());
    if (step.alarm) return call;
    ({ sums } = step);
  }
  return most;
}

const random = seededRandom(5);
// Box and Muller 1958.
const normal = () => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());

test("a shift of three deviations is seen within six calls, up and down", () => {
  expect(callsUntilAlarm(() => 3 + normal(), 100)).toBeLessThanOrEqual(6);
  expect(callsUntilAlarm(() => -3 + normal(), 100)).toBeLessThanOrEqual(6);
});

test("nothing is seen in a hundred thousand calls in which nothing happens", () => {
  expect(callsUntilAlarm(normal, 100_000)).toBe(100_000);
});

test("one call, however odd, is no shift", () => {
  expect(addSurprise(noShift, 1e9).alarm).toBe(false);
});
