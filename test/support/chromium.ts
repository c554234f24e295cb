import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { TestContext } from "vitest";

/** A page in a real Chromium, spoken to by its DevTools protocol. */
export interface BrowserPage extends AsyncDisposable {
  /** Value of an expression in the page; promises are awaited. Rejects with what the page threw. */
  evaluate(expression: string): Promise<unknown>;
  /** Repeats until the expression is true. */
  until(expression: string): Promise<void>;
  /** PNG of what is to be seen. */
  screenshot(): Promise<Buffer>;
  /** What the page said on its console, errors of its own and of its policy included. */
  readonly complaints: readonly string[];
}

const names = ["chromium", "chromium-browser", "google-chrome"];
const POLL_MS = 50;

interface Message {
  readonly id?: number;
  readonly sessionId?: string;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

/** Opens a page; the test is skipped with a printed reason where there is no Chromium. */
export async function openPage(context: TestContext, url: string): Promise<BrowserPage> {
  const command = names.find((name) => spawnSync(name, ["--version"]).status === 0);
  context.skip(command === undefined, "Chromium is not here: apt-get install chromium");
  const profile = await mkdtemp(join(tmpdir(), "stargate-chromium-"));
  const child = spawn(
    command as string, // else the test was skipped
    ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-port=0", `--user-data-dir=${profile}`, "--window-size=1280,800"], // prettier-ignore
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  const socket = new WebSocket(await addressOf(child));
  await once(socket, "open");
  const complaints: string[] = [];
  const waiting = new Map<number, (message: Message) => void>();
  socket.addEventListener("message", ({ data }) => {
    const message = JSON.parse(String(data)) as Message;
    if (message.id !== undefined) waiting.get(message.id)?.(message);
    if (message.method === "Runtime.exceptionThrown" || message.method === "Log.entryAdded")
      complaints.push(JSON.stringify(message.params));
  });
  let last = 0;
  async function send(method: string, params: object = {}, sessionId?: string): Promise<Record<string, unknown>> {
    const id = ++last;
    const answered = new Promise<Message>((resolve) => waiting.set(id, resolve));
    socket.send(JSON.stringify({ id, method, params, sessionId }));
    const { result = {}, error } = await answered;
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result;
  }
  const { targetId } = await send("Target.createTarget", { url: "about:blank" });
  const { sessionId } = (await send("Target.attachToTarget", { targetId, flatten: true })) as { sessionId: string };
  for (const domain of ["Runtime.enable", "Log.enable", "Page.enable"]) await send(domain, {}, sessionId);
  await send("Page.navigate", { url }, sessionId);

  async function evaluate(expression: string): Promise<unknown> {
    const { result, exceptionDetails } = (await send(
      "Runtime.evaluate",
      { expression, awaitPromise: true, returnByValue: true },
      sessionId,
    )) as { result: { value?: unknown }; exceptionDetails?: object };
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
    return result.value;
  }
  return {
    evaluate,
    complaints,
    until: (expression) =>
      evaluate(`new Promise((resolve) => {
      const look = () => ((${expression}) ? resolve() : setTimeout(look, ${POLL_MS}));
      look();
    })`).then(() => undefined),
    async screenshot() {
      const { data } = await send("Page.captureScreenshot", { format: "png" }, sessionId);
      return Buffer.from(String(data), "base64");
    },
    async [Symbol.asyncDispose]() {
      const ended = once(child, "exit");
      await send("Browser.close").catch(() => child.kill());
      await ended;
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function addressOf(child: ChildProcess): Promise<string> {
  if (child.stderr === null) throw new Error("Chromium has no stderr");
  for await (const line of createInterface(child.stderr)) {
    const [, address] = /^DevTools listening on (ws:.*)$/.exec(line) ?? [];
    if (address !== undefined) return address;
  }
  throw new Error("Chromium ended before it listened");
}
