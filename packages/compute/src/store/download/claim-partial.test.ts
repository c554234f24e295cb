import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFakeClock } from "@stargate/kernel/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createOwnerTag } from "../files/process-tag.ts";
import { claimPartial, type Claim } from "./claim-partial.ts";

const clock = createFakeClock(Date.now());
let partials: string;
beforeEach(async () => {
  partials = join(await mkdtemp(join(tmpdir(), "stargate-claim-")), "partials");
});
afterEach(() => rm(partials, { recursive: true, force: true }));

const claim = () => claimPartial(partials, "key", clock);
const mineOf = (claims: readonly Claim[]) => claims.flatMap((each) => (each.kind === "mine" ? [each] : []));

/** A download that somebody has begun. */
async function put(owner: string, sizeBytes: number): Promise<string> {
  const folder = join(partials, `key,${owner}`);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "data"), Buffer.alloc(sizeBytes));
  return folder;
}

test("of many that ask at once, at most one gets it, and in the end one does", async () => {
  for (let round = 0; round < 20; round++) {
    const claims = await Promise.all(Array.from({ length: 8 }, claim));
    const mine = mineOf(claims);
    expect(mine.length).toBeLessThanOrEqual(1);
    await mine[0]?.remove();
  }
  expect((await claim()).kind).toBe("mine");
});

test("of many that ask for what a dead process left, exactly one gets it", async () => {
  await put("free-1", 10);
  const claims = await Promise.all(Array.from({ length: 8 }, claim));
  expect(mineOf(claims)).toHaveLength(1);
  expect(claims.filter(({ kind }) => kind === "busy")).toHaveLength(7);
});

test("who waits is told how much the other one has", async () => {
  await put(createOwnerTag(), 123);
  expect(await claim()).toEqual({ kind: "busy", doneBytes: 123 });
});

test("the largest of several abandoned ones is gone on with", async () => {
  await put("free-1", 10);
  await put("free-2", 30);
  await put("free-3", 20);
  const [mine] = mineOf([await claim()]);
  await mine?.remove();
  expect(await readdir(partials)).toEqual(["key,free-1", "key,free-3"]);
});

test("one of another machine counts as alive while it grows, and as dead after ten minutes of silence", async () => {
  const folder = await put(createOwnerTag().replace(/^[^,]+/, "other-host"), 10);
  expect((await claim()).kind).toBe("busy");
  const longAgo = clock.epochMs() / 1000 - 601;
  await utimes(join(folder, "data"), longAgo, longAgo);
  expect((await claim()).kind).toBe("mine");
});

test("what is released is there for the next, other downloads are nobody's business", async () => {
  await put("free-1", 10);
  await mkdir(join(partials, `other,${createOwnerTag()}`));
  const [mine] = mineOf([await claim()]);
  await mine?.release();
  await mine?.release(); // safe to call twice
  expect((await claim()).kind).toBe("mine");
});
