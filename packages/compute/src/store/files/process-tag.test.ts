import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { createOwnerTag, ownerState } from "./process-tag.ts";

test("a process that runs is alive, one that has ended is dead", async () => {
  const own = createOwnerTag();
  expect(ownerState(own)).toBe("alive");
  const child = spawn(process.execPath, ["-e", ""]);
  await once(child, "exit");
  expect(ownerState(own.replace(`,${process.pid},`, `,${child.pid},`))).toBe("dead");
});

test("a process id that was used again is another process", () => {
  const [host, pid, , random] = createOwnerTag().split(",");
  expect(ownerState([host, pid, "1", random].join(","))).toBe("dead");
});

test("a process of another machine cannot be asked, and a name that is no tag has no owner", () => {
  expect(ownerState(createOwnerTag().replace(/^[^,]+/, "other-host"))).toBe("unknown");
  expect(ownerState("free-0a1b2c")).toBe("dead");
});
