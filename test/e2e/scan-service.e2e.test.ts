import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { createPortableHost } from "@stargate/kernel";
import { seededRandom } from "@stargate/kernel/testing";
import { expect, test } from "vitest";
import { readPdfText } from "../support/read-pdf-text.ts";

const root = resolve(import.meta.dirname, "../..");
const scan = join(root, "examples/assets/scan.png");
const scans = 4;
const kills = 5;
const { clock } = createPortableHost();

// The same with 200 kills and a cheap pipeline: packages/server/src/services/kill-service.e2e.test.ts.
test(
  "stargate service turns dropped scans into searchable PDFs, each once, however often it is killed",
  { timeout: 170_000 },
  async () => {
    const seed = Number(process.env["STARGATE_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
    const random = seededRandom(seed);
    const folder = await mkdtemp(join(tmpdir(), "stargate-scans-"));
    await mkdir(join(folder, "in"));
    for (let number = 0; number < scans; number++) await drop(scan, join(folder, "in"), `scan-${number}.png`);

    let done = 0;
    for (let killed = 0; killed < kills && done < scans; killed++) {
      const service = start(folder);
      // Some are killed while they start or read, some right after a delivery.
      if (random.chance(0.5)) await service.nextLine('"ready"');
      else await service.nextLine('"delivered"');
      await new Promise<void>((resolve) => clock.timer(random.integer(0, 1500), resolve));
      const exited = once(service.process, "exit");
      service.process.kill("SIGKILL");
      await exited;
      done = (await pdfsIn(folder)).length;
    }
    const last = start(folder);
    await last.nextLine('"ready"');
    await expect.poll(() => pdfsIn(folder), { timeout: 120_000, interval: 100 }).toHaveLength(scans);
    const exited = once(last.process, "exit");
    last.process.kill("SIGTERM");
    const note = `seed ${seed}`;
    expect(await exited, note).toEqual([0, null]);

    const names = Array.from({ length: scans }, (_, number) => `scan-${number}.pdf`);
    expect((await pdfsIn(folder)).toSorted(), note).toEqual(names);
    for (const name of names) {
      const [page] = await readPdfText(await readFile(join(folder, "out", name)));
      expect(page?.map(({ text }) => text).join(" "), `${note} ${name}`).toContain("rehydration");
    }
    await rm(folder, { recursive: true });
  },
);

async function drop(from: string, folder: string, name: string): Promise<void> {
  await copyFile(from, join(folder, `.${name}`));
  await rename(join(folder, `.${name}`), join(folder, name));
}

function start(folder: string): { readonly process: ChildProcess; nextLine(part: string): Promise<void> } {
  const main = join(root, "packages/server/src/cli/main.ts");
  const child = spawn(
    process.execPath,
    ["--conditions=@stargate/source", main, "service", "--in", "in", "--out", "out", "--json"],
    {
      cwd: folder,
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const lines = createInterface({ input: child.stdout });
  return {
    process: child,
    nextLine: (part) => new Promise((resolve) => lines.on("line", (line) => line.includes(part) && resolve())),
  };
}

async function pdfsIn(folder: string): Promise<string[]> {
  const names = await readdir(join(folder, "out")).catch(() => []);
  return names.filter((name) => name.endsWith(".pdf"));
}
