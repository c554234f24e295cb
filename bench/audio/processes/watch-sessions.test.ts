import { expect, test } from "vitest";
import { type SessionClass, watchSessions } from "./watch-sessions.ts";

type Feeds = Parameters<SessionClass["prototype"]["run"]>[0];

/** Stands for a session: gives what it was given, so that it is seen to be called as itself. */
class Session {
  readonly name = "session";
  async run(feeds: Feeds): Promise<unknown> {
    if (feeds["broken"] !== undefined) throw new RangeError("broken");
    return [this.name, Object.keys(feeds)];
  }
}

test("runs are told apart by what they take, and sessions answer as before", async () => {
  const times = watchSessions(Session);
  const session = new Session();
  expect(await session.run({ input_features: { data: [] } })).toEqual(["session", ["input_features"]]);
  await session.run({ use_cache_branch: { data: [0] } });
  const first = times();
  expect([first.encoderMs > 0, first.firstMs > 0, first.stepsMs, first.steps]).toEqual([true, true, 0, 0]);
  await session.run({ use_cache_branch: { data: [1] } });
  await expect(session.run({ use_cache_branch: { data: [1] }, broken: { data: [] } })).rejects.toThrow("broken");
  const later = times();
  expect([later.encoderMs, later.firstMs, later.steps]).toEqual([0, 0, 2]);
});
