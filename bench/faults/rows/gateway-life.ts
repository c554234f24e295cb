import { once } from "node:events";
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { result, type BenchResult } from "../../support/result.ts";
import { pathOf, type FaultGateway } from "../fault-gateway.ts";
import { millisecondsUntil, openLab } from "../lab.ts";
import { envelopeType, faults, millisecondsAt, summary } from "../samples.ts";

type Note = (message: string) => void;

/** F18: the gateway is told to go while it is used. */
export async function measureDrain(note: Note): Promise<readonly BenchResult[]> {
  await using lab = await openLab({ pools: { one: 2, two: 1 }, note });
  note("F18: SIGTERM under load");
  const { process: child } = lab.gateway.child;
  const exited = once(child, "exit");
  const terminating = (async () => {
    await pause(3000);
    child.kill("SIGTERM");
  })();
  const samples = await lab.load(0.5, 20, { watchReadiness: true });
  await terminating;
  const [code] = (await exited) as [number | null];
  note(`F18: ${summary(samples)}`);
  return [
    result(`F18 SIGTERM: 5xx and broken connections of ${samples.length}`, faults(samples).length, "", {
      goal: "<= 0",
    }),
    result("F18 exit code", code ?? -1, "", { goal: "<= 0" }),
  ];
}

const finished = 20;
const underWay = 20;

interface Answer {
  readonly status: number;
  readonly receipt: string | null;
}

/** F19: the gateway is killed; clients send everything again with the same keys. */
export async function measureKilledGateway(note: Note): Promise<readonly BenchResult[]> {
  await using lab = await openLab({ pools: { one: 2, two: 1 }, note });
  const { gateway } = lab;
  const pools = [gateway.pool("one"), gateway.pool("two")];
  const requests = Array.from({ length: finished + underWay }, (_, index) => ({
    id: 10_000 + index,
    key: randomUUID(),
  }));
  const [done, open] = [requests.slice(0, finished), requests.slice(finished)];
  const first = await Promise.all(done.map((request) => ask(gateway, request)));
  for (const pool of pools) pool.set({ slowness: 25 });
  const broken = open.map((request) => ask(gateway, request));
  await millisecondsUntil(() =>
    pools.some((pool) => pool.runs().some(({ ids }) => ids.some((id) => id >= 10_000 + finished))),
  );
  note("F19: the gateway is killed with requests under way");
  const exited = once(gateway.child.process, "exit");
  gateway.child.process.kill("SIGKILL");
  await exited;
  const lost = (await Promise.all(broken)).filter(({ status }) => status === 0).length;
  for (const pool of pools) pool.set({});
  const timesRun = (id: number): number =>
    pools.flatMap((pool) => pool.runs().flatMap(({ ids }) => ids)).filter((ran) => ran === id).length;
  const ranBefore = done.map(({ id }) => timesRun(id));
  await gateway.restart();
  const again = await Promise.all(requests.map((request) => ask(gateway, request)));
  const same = first.filter(({ receipt }, index) => receipt !== null && receipt === again[index]?.receipt).length;
  note(`F19: ${lost} of ${underWay} connections broke`);
  return [
    result(
      `F19 gateway killed: repeated requests not answered, of ${again.length}`,
      again.filter(({ status }) => status !== 200).length,
      "",
      {
        goal: "<= 0",
      },
    ),
    result(`F19 finished ones that get the first answer, of ${finished}`, same, "", { goal: `>= ${finished}` }),
    result(
      "F19 finished ones that were run again",
      done.filter(({ id }, index) => timesRun(id) !== ranBefore[index]).length,
      "",
      {
        goal: "<= 0",
      },
    ),
    result("F19 runs of one that was under way", Math.max(...open.map(({ id }) => timesRun(id))), "", { goal: "<= 2" }),
  ];
}

async function ask({ port }: FaultGateway, request: { readonly id: number; readonly key: string }): Promise<Answer> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}${pathOf("device")}`, {
      method: "POST",
      body: String(request.id),
      headers: { "content-type": "text/plain", accept: envelopeType, "idempotency-key": `"${request.key}"` },
    });
    await response.arrayBuffer();
    return { status: response.status, receipt: response.headers.get("stargate-receipt") };
  } catch {
    return { status: 0, receipt: null }; // the gateway has gone
  }
}

/** F20: the wall clock jumps an hour forth, two back, and forth again. */
export async function measureClockJumps(note: Note): Promise<readonly BenchResult[]> {
  const preload = new URL("../processes/jump-clock.ts", import.meta.url).pathname;
  await using lab = await openLab({ pools: { one: 2, two: 1 }, nodeArguments: [`--import=${preload}`], note });
  const pools = [lab.gateway.pool("one"), lab.gateway.pool("two")];
  const headers = { accept: envelopeType, "stargate-deadline-ms": "2000" };
  const before = await lab.load(0.5, 6, { headers });
  const hosts = pools.flatMap((pool) => pool.hosts());
  note("F20: the clock jumps by +1 h, -2 h, +1 h");
  const jumping = (async () => {
    for (let jump = 0; jump < 3; jump++) {
      await pause(2000);
      lab.gateway.child.process.kill("SIGUSR2");
    }
  })();
  const samples = await lab.load(0.5, 8, { headers });
  await jumping;
  note(`F20: ${summary(samples)}`);
  const stayed = pools.flatMap((pool) => pool.hosts()).filter((host) => hosts.includes(host));
  return [
    result(
      `F20 clock jumps: answers other than 200, of ${samples.length}`,
      samples.filter(({ status }) => status !== 200).length,
      "",
      {
        goal: "<= 0",
      },
    ),
    result("F20 hosts lost over it", hosts.length - stayed.length, "", { goal: "<= 0" }),
    result("F20 p99 over the usual p99", millisecondsAt(samples, 0.99) / millisecondsAt(before, 0.99), "x"),
  ];
}
