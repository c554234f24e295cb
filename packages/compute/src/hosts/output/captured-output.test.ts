import { PassThrough } from "node:stream";
import { createFakeClock } from "@stargate/kernel/testing";
import { expect, test } from "vitest";
import { createMemoryLog } from "../../../test/host-kit.ts";
import { captureOutput } from "./captured-output.ts";

function captured() {
  const clock = createFakeClock();
  const log = createMemoryLog();
  const output = captureOutput({ host: "h/1", clock, log });
  const stream = new PassThrough();
  output.attach(stream, "stderr");
  return { clock, log, output, stream, said: () => log.lines.map(({ fields }) => fields["line"]) };
}

test("lines reach the log whole, however they are cut", async () => {
  const { clock, stream, said } = captured();
  stream.write(Buffer.from("one\ntw"));
  stream.write(Buffer.from("o gr\u00fcn".slice(0, 4)));
  stream.write(Buffer.from([0xc3]));
  stream.write(Buffer.from([0xbc, 0x0a]));
  stream.end("last");
  await clock.advance(0);
  expect(said()).toEqual(["one", "two gr\u00fc", "last"]);
});

test("of a flood some lines are logged, the others counted, and the last ones kept", async () => {
  const { clock, log, output, stream } = captured();
  for (let index = 0; index < 500; index++) stream.write(`line ${index}\n`);
  await clock.advance(0);
  expect(log.lines).toHaveLength(50);
  expect(output.tail().at(-1)).toBe("line 499");
  expect(output.tail()).toHaveLength(20);
  await clock.advance(10_000);
  stream.write("calm\n");
  await clock.advance(0);
  expect(log.lines.slice(50).map(({ fields }) => fields)).toEqual([
    { host: "h/1", lines: 450 },
    { host: "h/1", stream: "stderr", line: "calm" },
  ]);
});

test("a line without end takes no memory", async () => {
  const { clock, output, stream } = captured();
  for (let index = 0; index < 30; index++) stream.write("y".repeat(1000));
  stream.write("\n");
  await clock.advance(0);
  expect(output.tail()).toEqual([`${"y".repeat(1000)}...`]);
});

test("beyond its share of a window a host waits with printing", async () => {
  const { clock, stream } = captured();
  stream.write(Buffer.alloc(64 * 1024, "a"));
  await clock.advance(0);
  expect(stream.isPaused()).toBe(true);
  await clock.advance(100);
  expect(stream.isPaused()).toBe(false);
});
