import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { StargateError } from "@stargate/kernel";
import { createFetchGate, type FetchGate, type GatedFetchOptions } from "./gated-fetch.ts";

const routes: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
  "/hello": (_request, response) => response.end("hello"),
  "/echo": (request, response) => {
    response.setHeader("x-method", request.method ?? "");
    response.setHeader("x-length", request.headers["content-length"] ?? "none");
    response.setHeader("x-authorization", request.headers.authorization ?? "none");
    request.pipe(response);
  },
  "/gzip": (_request, response) => response.setHeader("content-encoding", "gzip").end(gzipSync("packed")),
  "/bomb": (_request, response) =>
    response.setHeader("content-encoding", "gzip").end(gzipSync(Buffer.alloc(2_000_000))),
  "/endless": (_request, response) => {
    const more = (): void =>
      void (
        response.destroyed || (response.write(Buffer.alloc(65_536)) ? setImmediate(more) : response.once("drain", more))
      );
    more();
  },
  "/silent": () => undefined,
  "/break": (_request, response) => (response.write("half"), response.socket?.resetAndDestroy()),
  "/empty": (_request, response) => response.writeHead(204).end(),
  "/redirect": (_request, response) => response.writeHead(302, { location: "/hello" }).end(),
  "/again": (_request, response) => response.writeHead(307, { location: "/echo" }).end(),
  "/see-other": (_request, response) => response.writeHead(303, { location: "/echo" }).end(),
  "/loop": (_request, response) => response.writeHead(302, { location: "/loop" }).end(),
  "/to": (request, response) =>
    response.writeHead(302, { location: decodeURIComponent((request.url ?? "").split("?")[1] ?? "") }).end(),
};

let server: Server;
let port = 0;
let requests: string[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    requests.push(`${request.headers.host}${request.url}`);
    (routes[(request.url ?? "").split("?")[0] ?? ""] ?? ((_request, unknown) => unknown.writeHead(404).end()))(
      request,
      response,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => (server.closeAllConnections(), server.close()));

const gates: FetchGate[] = [];
afterEach(() => {
  requests = [];
  for (const gate of gates.splice(0)) gate.close();
});

/** A gate that may reach the test server under the name files.test. */
function open(options: GatedFetchOptions = {}): FetchGate {
  const gate = createFetchGate({
    allow: [`files.test:${port}`],
    allowNetworks: ["127.0.0.1"],
    resolve: () => Promise.resolve([{ address: "127.0.0.1", family: 4 }]),
    ...options,
  });
  gates.push(gate);
  return gate;
}
const at = (path: string): string => `http://files.test:${port}${path}`;

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "no error",
    (error: unknown) => (error as StargateError).code,
  );
}

describe("fetch gate", () => {
  it("denies everything by default", async () => {
    const gate = createFetchGate();
    expect(await codeOf(gate.fetch(at("/hello")))).toBe("SG_FETCH_DENIED");
    expect(await codeOf(gate.fetch("https://example.org/"))).toBe("SG_FETCH_DENIED");
    expect(requests).toEqual([]);
  });

  it("names the host and the setting that would allow it", async () => {
    await expect(createFetchGate().fetch("https://api.example.org/x")).rejects.toMatchObject({
      message: expect.stringContaining("api.example.org") as string,
      hint: expect.stringContaining("allow.hosts") as string,
    });
  });

  it("answers with a web Response", async () => {
    const response = await open().fetch(at("/hello"));
    expect({ status: response.status, text: await response.text() }).toEqual({ status: 200, text: "hello" });
  });

  it("decodes a compressed answer", async () => {
    const response = await open().fetch(at("/gzip"));
    expect({ text: await response.text(), encoding: response.headers.get("content-encoding") }).toEqual({
      text: "packed",
      encoding: null,
    });
  });

  it("gives an answer without body for 204", async () => {
    const response = await open().fetch(at("/empty"));
    expect({ status: response.status, body: response.body }).toEqual({ status: 204, body: null });
  });

  it.each([
    ["text", "näher", "6"],
    ["bytes", new Uint8Array([1, 2, 3]), "3"],
    ["a Blob", new Blob(["blob"]), "4"],
    ["a stream", new Blob(["stream"]).stream() as never, "none"],
  ] as const)("sends %s as body, with its length where it is known", async (_name, body, length) => {
    const response = await open().fetch(at("/echo"), { method: "POST", body });
    expect({ method: response.headers.get("x-method"), length: response.headers.get("x-length") }).toEqual({
      method: "POST",
      length,
    });
    expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(2);
  });

  it("follows a redirect on the same host", async () => {
    expect(await (await open().fetch(at("/redirect"))).text()).toBe("hello");
  });

  it("repeats the body on 307 and drops it on 303", async () => {
    const again = await open().fetch(at("/again"), { method: "POST", body: "kept" });
    expect([again.headers.get("x-method"), await again.text()]).toEqual(["POST", "kept"]);
    const other = await open().fetch(at("/see-other"), { method: "POST", body: "dropped" });
    expect([other.headers.get("x-method"), await other.text()]).toEqual(["GET", ""]);
  });

  it("takes credentials off when a redirect leaves the origin", async () => {
    const gate = open({ allow: [`files.test:${port}`, `other.test:${port}`] });
    const init = { headers: { authorization: "secret" } };
    expect(
      (await gate.fetch(at(`/to?${encodeURIComponent(`http://other.test:${port}/echo`)}`), init)).headers.get(
        "x-authorization",
      ),
    ).toBe("none");
    expect((await gate.fetch(at("/to?%2Fecho"), init)).headers.get("x-authorization")).toBe("secret");
  });

  it("gives up after five redirects", async () => {
    expect(await codeOf(open().fetch(at("/loop")))).toBe("SG_FETCH_DENIED");
    expect(requests).toHaveLength(6);
  });

  it("cuts an answer off above the size cap, declared or not, packed or not", async () => {
    const { fetch } = open({ maxResponseBytes: 100_000 });
    expect(await codeOf(fetch(at("/endless")).then((response) => response.bytes()))).toBe("SG_INPUT_TOO_LARGE");
    expect(await codeOf(fetch(at("/bomb")).then((response) => response.bytes()))).toBe("SG_INPUT_TOO_LARGE");
    expect(await codeOf(open({ maxResponseBytes: 4 }).fetch(at("/hello")))).toBe("SG_INPUT_TOO_LARGE");
  });

  it("gives up an answer that takes too long", async () => {
    expect(await codeOf(open({ timeoutMs: 50 }).fetch(at("/silent")))).toBe("SG_RUN_DEADLINE");
  });

  it("gives up an endless body when the time is over", async () => {
    expect(
      await codeOf(
        open({ timeoutMs: 100, maxResponseBytes: 1e12 })
          .fetch(at("/endless"))
          .then((response) => response.bytes()),
      ),
    ).toBe("SG_RUN_DEADLINE");
  });

  it("stops when the caller aborts", async () => {
    const abort = new AbortController();
    const work = open().fetch(at("/silent"), { signal: abort.signal });
    abort.abort();
    expect(await codeOf(work)).toBe("SG_RUN_CANCELLED");
  });

  it("turns a refused connection, an unknown name and a broken body into a retryable error", async () => {
    expect(await codeOf(open({ allow: ["files.test:1"] }).fetch("http://files.test:1/"))).toBe("SG_FETCH_FAILED");
    expect(
      await codeOf(open({ resolve: () => Promise.reject(new TypeError("no such name")) }).fetch(at("/hello"))),
    ).toBe("SG_FETCH_FAILED");
    expect(
      await codeOf(
        open()
          .fetch(at("/break"))
          .then((response) => response.text()),
      ),
    ).toBe("SG_FETCH_FAILED");
  });
});

describe("host allow-list", () => {
  const allow = [
    "api.example.org",
    "*.example.net",
    "odd.example.org:8443",
    "any.example.org:*",
    "münchen.example",
    "[2606:4700::1]:443",
  ];
  it.each([
    "https://api.example.org/x",
    "http://api.example.org",
    "https://API.EXAMPLE.ORG.",
    "https://a.b.example.net/",
    "https://odd.example.org:8443/",
    "http://any.example.org:7/",
    "https://xn--mnchen-3ya.example/",
    "https://[2606:4700:0::1]/",
  ])("allows %s", (url) => {
    expect(() => createFetchGate({ allow }).assertAllowed(url)).not.toThrow();
  });

  it.each([
    "https://example.org/",
    "https://evil-api.example.org/",
    "https://api.example.org.evil.test/",
    "https://example.net/",
    "https://evilexample.net/",
    "https://odd.example.org/",
    "https://api.example.org:8080/",
    "http://[2606:4700::1]/",
    "http://api.example.org@evil.test/",
  ])("refuses %s", (url) => {
    expect(() => createFetchGate({ allow }).assertAllowed(url)).toThrow(
      expect.objectContaining({ code: "SG_FETCH_DENIED" }) as Error,
    );
  });
});

describe("ways inside", () => {
  // The operator allows any port of these names; what matters is where they lead.
  const names = [
    "localhost",
    "public.test",
    "metadata.google.internal",
    "127.0.0.1",
    "[::1]",
    "0.0.0.0",
    "169.254.169.254",
  ];
  const answers: Record<string, string[]> = {
    localhost: ["127.0.0.1"],
    "localhost.": ["127.0.0.1"],
    "metadata.google.internal": ["169.254.169.254"],
  };
  const inside = (resolved: string[] = ["127.0.0.1"]): FetchGate =>
    open({
      allow: [...names.map((name) => `${name}:*`), "*.public.test:*"],
      allowNetworks: [],
      resolve: (hostname) =>
        Promise.resolve(
          (answers[hostname] ?? resolved).map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
        ),
    });

  const forms = [
    "http://127.0.0.1:PORT/hello",
    "http://127.1:PORT/hello",
    "http://127.0.1:PORT/hello",
    "http://2130706433:PORT/hello",
    "http://0x7f000001:PORT/hello",
    "http://0x7f.0.0.1:PORT/hello",
    "http://0177.0.0.1:PORT/hello",
    "http://017700000001:PORT/hello",
    "http://127.0.0.1.:PORT/hello",
    "http://0:PORT/hello",
    "http://0.0.0.0:PORT/hello",
    "http://%31%32%37.0.0.1:PORT/hello",
    "http://127。0。0。1:PORT/hello",
    "http://①②⑦.⓪.⓪.①:PORT/hello",
    "http://127.0.0.1:PORT\\@public.test/hello",
    "http:\\\\127.0.0.1:PORT\\hello",
    "http:/127.0.0.1:PORT/hello",
    "http:127.0.0.1:PORT/hello",
    " \thttp://127.0.0.1:PORT/hello\n",
    "ht\ntp://127.0.0.1:PORT/hello",
    "http://[::1]:PORT/hello",
    "http://[0:0:0:0:0:0:0:1]:PORT/hello",
    "http://[::ffff:127.0.0.1]:PORT/hello",
    "http://[::ffff:7f00:1]:PORT/hello",
    "http://[::127.0.0.1]:PORT/hello",
    "http://[64:ff9b::127.0.0.1]:PORT/hello",
    "http://[2002:7f00:1::]:PORT/hello",
    "http://[fe80::1]:PORT/hello",
    "http://[::]:PORT/hello",
    "http://localhost:PORT/hello",
    "http://LOCALHOST:PORT/hello",
    "http://localhost.:PORT/hello",
    "http://ⓛocalhost:PORT/hello",
    "http://public.test:PORT/hello",
    "http://127.0.0.1.public.test:PORT/hello",
    "http://metadata.google.internal/computeMetadata/v1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://2852039166/latest/",
    "http://0xa9fea9fe/latest/",
    "http://[::ffff:169.254.169.254]/latest/",
    "http://public.test@127.0.0.1:PORT/hello",
    "http://public.test:80@127.0.0.1:PORT/hello",
    "http://public.test#@127.0.0.1:PORT/hello",
    "http://127.0.0.1:PORT#public.test",
    "file:///etc/passwd",
    "gopher://127.0.0.1:PORT/_hello",
    "ftp://127.0.0.1/",
    "data:text/plain,hello",
    "javascript:alert(1)",
    "//127.0.0.1:PORT/hello",
    "",
  ];

  it.each(forms)("refuses %j", async (form) => {
    const gate = inside();
    expect(await codeOf(gate.fetch(form.replaceAll("PORT", String(port))))).toBe("SG_FETCH_DENIED");
    expect(requests).toEqual([]);
  });

  it("has tried at least forty forms", () => {
    expect(new Set(forms).size).toBeGreaterThanOrEqual(40);
  });

  it.each([
    [["10.0.0.1"]],
    [["192.168.1.1"]],
    [["fd00::1"]],
    [["::ffff:127.0.0.1"]],
    [["8.8.8.8", "127.0.0.1"]],
    [["127.0.0.1", "8.8.8.8"]],
    [["100.100.100.200"]],
  ])("refuses a public name that resolves to %j", async (resolved) => {
    expect(await codeOf(inside(resolved).fetch(`http://public.test:${port}/hello`))).toBe("SG_FETCH_DENIED");
    expect(requests).toEqual([]);
  });

  it("judges the very answer it connects to, so a second answer of the DNS changes nothing", async () => {
    let asked = 0;
    const gate = open({
      allow: [`rebind.test:${port}`],
      allowNetworks: ["127.0.0.1"],
      resolve: () => Promise.resolve([{ address: asked++ === 0 ? "127.0.0.1" : "10.0.0.1", family: 4 }]),
    });
    expect(await (await gate.fetch(`http://rebind.test:${port}/hello`)).text()).toBe("hello");
    expect(asked).toBe(1);
  });

  it.each([
    "http://127.0.0.2:PORT/hello",
    "http://10.0.0.1/",
    "http://localhost:PORT/hello",
    "http://169.254.169.254/latest/",
    "file:///etc/passwd",
    "//evil.test/",
    "http://files.test@evil.test/",
  ])("refuses a redirect to %s", async (target) => {
    const url = at(`/to?${encodeURIComponent(target.replaceAll("PORT", String(port)))}`);
    expect(await codeOf(open().fetch(url))).toBe("SG_FETCH_DENIED");
    expect(requests).toHaveLength(1);
  });

  it("refuses a redirect to a name that leads inside", async () => {
    const gate = open({
      allow: [`files.test:${port}`, "inner.test:*"],
      resolve: (hostname) =>
        Promise.resolve([{ address: hostname === "inner.test" ? "10.0.0.1" : "127.0.0.1", family: 4 }]),
    });
    expect(await codeOf(gate.fetch(at(`/to?${encodeURIComponent("http://inner.test/")}`)))).toBe("SG_FETCH_DENIED");
  });
});
