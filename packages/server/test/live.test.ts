import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { createFakeClock } from "@stargate/kernel/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { allEvents } from "./support/read-events.ts";
import { openByHand, openLive, refusedHandshake } from "./support/live-client.ts";
import { speechAdapter, spokenSamples, spokenWav, type SpeechBrake } from "./support/speech-adapter.ts";
import { startTestGateway, type TestGateway } from "./support/test-gateway.ts";

const pipelines = [
  {
    graph: {
      stargate: 1 as const,
      name: "listen",
      inputs: { sound: "many(pcm)" },
      steps: [{ kind: "transform" as const, id: "write", use: "spell.transcribe", from: "sound" }],
      output: "write",
    },
  },
  {
    graph: {
      stargate: 1 as const,
      name: "read",
      inputs: { recording: "audio" },
      steps: [
        { kind: "transform" as const, id: "decode", use: "spell.decode", from: "recording" },
        { kind: "transform" as const, id: "write", use: "spell.transcribe", from: "decode" },
      ],
      output: "write",
    },
  },
];

let gateway: TestGateway;
let brake: SpeechBrake;
async function start(config: Parameters<typeof startTestGateway>[0] = {}): Promise<TestGateway> {
  const speech = speechAdapter();
  ({ brake } = speech);
  gateway = await startTestGateway({ pipelines, ...config }, [speech.adapter]);
  return gateway;
}
beforeEach(() => start());
afterEach(() => gateway[Symbol.asyncDispose]());
async function startAnew(config: Parameters<typeof startTestGateway>[0]): Promise<void> {
  await gateway[Symbol.asyncDispose]();
  await start(config);
}

const END = '{"type":"end"}';
const soundOf = (text: string) => Buffer.from(spokenSamples(text).buffer);
const logged = () => gateway.log.filter(({ msg }) => String(msg).startsWith("live session"));

async function transcriptOf(text: string): Promise<unknown> {
  const response = await gateway.fetch("/v1/convert?to=transcript", { method: "POST", body: spokenWav(text) });
  return response.json();
}

describe("a WebSocket that sound is sent to", () => {
  test("gives partial, then final segments while the sound comes in, and the transcript of the whole", async () => {
    const { socket, event, events, closed } = await openLive(gateway.url, "/v1/audio/live?language=en");
    socket.send(soundOf("hel"));
    socket.send(soundOf("lo "));
    expect(await event("segment-end")).toMatchObject({ data: { text: "hello", startSeconds: 0, endSeconds: 0.5 } });
    const sound = soundOf("world");
    for (let start = 0; start < sound.length; start += 999) socket.send(sound.subarray(start, start + 999));
    socket.send(END);
    const answer = await event("answer");
    expect(answer["output"]).toEqual(await transcriptOf("hello world"));
    expect(await closed).toEqual({ code: 1000, wasClean: true });
    const told = events.map(({ type }) => type);
    expect(told.slice(0, 3)).toEqual(["step-start", "segment-start", "segment-delta"]);
    expect(events.filter(({ type }) => type === "segment-delta").map(({ data }) => data)).toContainEqual({
      text: "hel",
    });
    expect(answer["live"]).toMatchObject({ segments: 2, stability: expect.any(Number) as number });
    const receipt = answer["receipt"] as { id: string };
    expect(await (await gateway.fetch(`/v1/receipts/${receipt.id}`)).json()).toEqual(receipt);
    await expect.poll(logged).toMatchObject([{ route: "/v1/audio/live", status: 101, receipt: receipt.id }]);
    expect(await (await gateway.fetch("/metrics")).text()).toContain(
      'route="/v1/audio/live",method="GET",status="101"',
    );
  });

  test("may be that of a pipeline", async () => {
    const { socket, event } = await openLive(gateway.url, "/v1/pipelines/listen/live?encoding=f32le");
    socket.send(Float32Array.from(spokenSamples("hi"), (sample) => sample / 32_768));
    socket.send(END);
    expect(await event("answer")).toMatchObject({ output: { text: "hi" }, receipt: { pipeline: "listen" } });
  });

  test("makes its client wait that sends faster than can be worked on", async () => {
    await startAnew({ live: { maxWaitingBytes: 10_000 } });
    brake.hold();
    const { socket, event } = await openLive(gateway.url, "/v1/audio/live");
    const text = "a b c ".repeat(600);
    const sound = soundOf(text);
    for (let start = 0; start < sound.length; start += 100_000) socket.send(sound.subarray(start, start + 100_000));
    socket.send(END);
    await event("segment-end");
    for (let time = 0; time < 20; time++) await gateway.fetch("/healthz");
    expect(socket.bufferedAmount).toBeGreaterThan(0);
    brake.release();
    expect(((await event("answer"))["output"] as { text: string }).text).toBe(text.trim());
  });

  test("ends the run of a client that goes away", async () => {
    const { socket, event } = await openLive(gateway.url, "/v1/audio/live");
    socket.send(soundOf("hi y"));
    await event("segment-end");
    socket.close();
    await expect.poll(logged).toMatchObject([{ code: "SG_RUN_CANCELLED" }]);
    expect(gateway.gateway.lifecycle.inFlight).toBe(0);
  });

  test("says what went wrong, and closes with a code", async () => {
    const cases = [
      [soundOf("hi!"), "SG_SPELL_MUMBLED", 1008],
      ['{"type":"begin"}', "SG_LIVE_MESSAGE", 1008],
      ["nonsense", "SG_LIVE_MESSAGE", 1008],
    ] as const;
    for (const [message, code, closeCode] of cases) {
      const { socket, event, closed } = await openLive(gateway.url, "/v1/audio/live");
      socket.send(message);
      expect(await event("error")).toMatchObject({ problem: { code, hint: expect.any(String) as string } });
      expect((await closed).code).toBe(closeCode);
    }
    const { socket, event } = await openLive(gateway.url, "/v1/audio/live");
    socket.send(soundOf("a").subarray(1));
    socket.send(END);
    expect(await event("error")).toMatchObject({ problem: { code: "SG_LIVE_FORMAT" } });
  });

  test("closes with 1009 on a message that is too long", async () => {
    await startAnew({ live: { maxMessageBytes: 1000 } });
    const { socket, closed } = await openLive(gateway.url, "/v1/audio/live");
    socket.send(new Uint8Array(1001));
    expect((await closed).code).toBe(1009);
    await expect.poll(logged).toHaveLength(1);
  });

  test("tells its clients when the gateway ends", async () => {
    await startAnew({ server: { graceMs: 0 } });
    const { socket, event, closed } = await openLive(gateway.url, "/v1/audio/live");
    socket.send(soundOf("hi "));
    await event("segment-end");
    const stopped = gateway.server.stop({ announceMs: 0 });
    expect(await event("error")).toMatchObject({ problem: { code: "SG_HTTP_DRAINING", retryable: true } });
    expect((await closed).code).toBe(1012);
    expect(await stopped).toBe(false);
  });

  test("is closed when its client is not heard any more, and pinged before", async () => {
    const clock = createFakeClock();
    Object.assign(gateway.gateway, { host: { ...gateway.gateway.host, clock } });
    const { socket, head } = await openByHand(gateway.url, "/v1/audio/live");
    expect(head).toContain("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    const chunks: Buffer[] = [Buffer.from(head, "latin1")];
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    const received = () => Buffer.concat(chunks);
    await expect.poll(() => received().includes("step-start")).toBe(true);
    await clock.advance(15_001);
    await expect.poll(() => received().includes(Buffer.from([0x89, 0]))).toBe(true);
    await clock.advance(60_000);
    await expect.poll(() => received().includes("SG_LIVE_SILENT")).toBe(true);
    socket.destroy();
    await expect.poll(logged).toMatchObject([{ code: "SG_LIVE_SILENT" }]);
  });
});

describe("a handshake", () => {
  test.for([
    ["of a path that there is not", "/v1/live", {}, 404, "SG_HTTP_NOT_FOUND"],
    ["for a model that there is not", "/v1/audio/live?model=x", {}, 404, "SG_TRANSCRIPTION_MODEL_UNKNOWN"],
    ["for a model that takes recordings", "/v1/audio/live?model=read", {}, 422, "SG_LIVE_PIPELINE"],
    ["for a pipeline that takes recordings", "/v1/pipelines/read/live", {}, 422, "SG_LIVE_PIPELINE"],
    ["for a pipeline that there is not", "/v1/pipelines/x/live", {}, 404, "SG_PIPELINE_UNKNOWN"],
    ["with options that the model does not take", "/v1/audio/live?task=sing", {}, 422, "SG_OPTIONS_INVALID"],
    ["with an impossible rate", "/v1/audio/live?rate=1", {}, 400, "SG_LIVE_FORMAT"],
    ["of a page of another site", "/v1/audio/live", { origin: "https://example.org" }, 403, "SG_AUTH_ORIGIN"],
    ["of another version", "/v1/audio/live", { "sec-websocket-version": "8" }, 400, "SG_HTTP_MALFORMED"],
    ["without a key of its own", "/v1/audio/live", { "sec-websocket-key": "short" }, 400, "SG_HTTP_MALFORMED"],
  ] as const)("%s is refused", async ([, path, headers, status, code]) => {
    expect(await refusedHandshake(gateway.url, path, headers)).toMatchObject({ status, problem: { code } });
  });

  test("of a page of this machine is granted", async () => {
    const { socket, head } = await openByHand(gateway.url, "/v1/audio/live");
    expect(head).toMatch(/^HTTP\/1.1 101 /);
    socket.destroy();
  });

  test("is refused with 503 while as many sessions are open as may", async () => {
    await startAnew({ live: { maxSessions: 1 } });
    const { socket, closed } = await openLive(gateway.url, "/v1/audio/live");
    expect(await refusedHandshake(gateway.url, "/v1/audio/live")).toMatchObject({ status: 503 });
    socket.send(END);
    await closed;
    await expect.poll(logged).not.toEqual([]);
    const again = await openLive(gateway.url, "/v1/audio/live");
    again.socket.close();
  });

  test("carries its API key as a header or, from pages, as a subprotocol", async () => {
    Object.assign(gateway.gateway, {
      access: {
        required: true,
        admit({ authorization }: { authorization?: string }) {
          if (authorization === "Bearer sg_right") return "tenant";
          throw Object.assign(new TypeError("no"), {});
        },
      },
    });
    expect((await refusedHandshake(gateway.url, "/v1/audio/live")).status).toBe(500);
    const { socket, event } = await openLive(gateway.url, "/v1/audio/live", ["stargate", "stargate.key.sg_right"]);
    expect(socket.protocol).toBe("stargate");
    socket.send(soundOf("hi"));
    socket.send(END);
    expect(await event("answer")).toMatchObject({ receipt: { tenant: "tenant" } });
  });

  test.for(["GET", "POST"])("to HTTP/2 is ignored: %s is answered as usual", async (method) => {
    const path = method === "GET" ? "/healthz" : "/v1/convert?to=transcript";
    const asked = request(new URL(path, gateway.url), {
      method,
      headers: { connection: "Upgrade, HTTP2-Settings", upgrade: "h2c", "http2-settings": "AAMAAABkAAQAAP__" },
    });
    asked.end(method === "GET" ? undefined : Buffer.from(await spokenWav("hi you").arrayBuffer()));
    const [response] = (await once(asked, "response")) as [IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    expect(response.statusCode).toBe(200);
    expect(JSON.parse(Buffer.concat(chunks).toString())).toMatchObject(
      method === "GET" ? { status: "ok" } : { text: "hi you" },
    );
  });
});

describe("sound in the chunks of a body", () => {
  const type = { "content-type": "audio/pcm;rate=16000;channels=1;encoding=s16le" };

  test("gives its segments while it is still being sent", async () => {
    const sending = request(new URL("/v1/audio/live", gateway.url), {
      method: "POST",
      headers: { ...type, accept: "text/event-stream" },
    });
    sending.write(soundOf("hello "));
    const [incoming] = (await once(sending, "response")) as [IncomingMessage];
    let received = "";
    incoming.setEncoding("utf8").on("data", (chunk: string) => (received += chunk));
    await expect
      .poll(() => received)
      .toContain('event: segment-end\ndata: {"step":"transcribe","data":{"startSeconds":0');
    expect(received).not.toContain("event: answer");
    sending.end(soundOf("world"));
    await once(incoming, "end");
    const events = await allEvents(new Response(received));
    expect(events.at(-1)).toMatchObject({ name: "answer", data: { live: { segments: 2 } } });
    expect(events.at(-1)?.data["output"]).toEqual(await transcriptOf("hello world"));
  });

  test("gives the answer at its end to those who want no events, of models and pipelines", async () => {
    for (const path of ["/v1/audio/live", "/v1/pipelines/listen"]) {
      const response = await gateway.fetch(path, {
        method: "POST",
        body: soundOf("hi you"),
        headers: { ...type, accept: "text/vtt", prefer: "respond-async" },
      });
      expect(await response.text()).toContain("00:00.300 --> 00:00.600\nyou");
    }
  });

  test("is refused in another form, or for a pipeline that takes none", async () => {
    const codes = await Promise.all(
      (
        [
          ["/v1/audio/live", { "content-type": "audio/wav" }],
          ["/v1/audio/live", { "content-type": "audio/pcm;rate=none" }],
          ["/v1/audio/live", { ...type, accept: "image/png" }],
          ["/v1/pipelines/read", type],
        ] as const
      ).map(async ([path, headers]) => {
        const response = await gateway.fetch(path, { method: "POST", body: soundOf("x"), headers });
        return ((await response.json()) as { code: string }).code;
      }),
    );
    expect(codes).toEqual(["SG_LIVE_FORMAT", "SG_LIVE_FORMAT", "SG_OUTPUT_NOT_ACCEPTABLE", "SG_LIVE_PIPELINE"]);
  });
});
