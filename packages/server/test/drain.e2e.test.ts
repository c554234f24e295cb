import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { demoConfig } from "./support/test-terminal.ts";

const main = new URL("../src/cli/main.ts", import.meta.url).pathname;
const clients = 8;

/** The gateway as a process of its own. */
async function serve(
  config: string,
): Promise<{ readonly child: ChildProcess; readonly url: string; readonly directory: string }> {
  const directory = await mkdtemp(join(tmpdir(), "stargate-drain-"));
  await writeFile(join(directory, "stargate.config.ts"), config);
  const child = spawn(process.execPath, ["--conditions=@stargate/source", main, "serve", "--port", "0", "--json"], {
    cwd: directory,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [line] = (await once(child.stdout!, "data")) as [Buffer];
  const { url } = JSON.parse(line.toString()) as { url: string };
  return { child, url, directory };
}

/** A client behind a load balancer: it asks whether the gateway is ready before it sends. Gives the number of good answers. */
async function hammer(url: string, onAnswer: () => void): Promise<number> {
  for (let answers = 0; ; answers++) {
    const ready = await fetch(`${url}/readyz`);
    await ready.arrayBuffer();
    if (ready.status !== 200) return answers;
    const response = await fetch(`${url}/v1/pipelines/shout`, {
      method: "POST",
      body: `request ${answers}`,
      headers: { "content-type": "text/plain" },
    });
    const text = await response.text();
    if (text !== `REQUEST ${answers}`) throw new TypeError(`${response.status} ${text}`);
    onAnswer();
  }
}

test("SIGTERM under load fails no request and ends with 0", async () => {
  const { child, url, directory } = await serve(
    demoConfig('server: { announceMs: 500 }, pipelines: ["shout.yaml"]').replace(
      "export",
      'import { writeFileSync } from "node:fs";\nwriteFileSync("shout.yaml", "name: shout\\ninput: text\\nsteps:\\n  - { id: loud, use: demo.shout }\\n");\nexport',
    ),
  );
  let answered = 0;
  const enough = Promise.withResolvers<void>();
  const running = Promise.all(
    Array.from({ length: clients }, () =>
      hammer(url, () => {
        answered += 1;
        if (answered === 200) enough.resolve();
      }),
    ),
  );
  await Promise.race([enough.promise, running]);
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  const answers = await running;
  expect(await exited).toEqual([0, null]);
  expect(answers.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(200);
  await rm(directory, { recursive: true, force: true });
});
