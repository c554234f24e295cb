import { cp, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { loadConfig, openGateway } from "@stargate/server";
import { expect, test } from "vitest";
import { openOutsideFolder } from "../support/outside-folder.ts";

const templates = resolve(import.meta.dirname, "../../templates");

test("the adapter template is a conforming adapter as it stands", async () => {
  await using folder = await openOutsideFolder();
  await cp(join(templates, "adapter"), folder.path, { recursive: true });
  expect((await folder.vitest()).stdout).toMatch(/Tests {2}\d{2} passed/);
});

test("the adapter template is under sixty lines", async () => {
  const files = ["src/index.ts", "src/index.test.ts"].map((name) => readFile(join(templates, "adapter", name), "utf8"));
  const lines = (await Promise.all(files)).flatMap((text) => text.trimEnd().split("\n"));
  expect(lines.length).toBeLessThan(60);
});

test("the gateway template opens, with its pipelines", async () => {
  await using gateway = await openGateway(await loadConfig({ directory: join(templates, "gateway") }));
  expect([...gateway.pipelines.keys()]).toEqual(["scan-to-text"]);
});
