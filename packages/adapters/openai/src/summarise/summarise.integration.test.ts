import { createPortableHost, openGate, type Transcript } from "@stargate/kernel";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { planeOf } from "../../test/one-backend-plane.ts";
import { type Behaviour, type ProtocolServer, startProtocolServer } from "../../test/protocol-server.ts";
import openai from "../index.ts";

let server: ProtocolServer;
beforeEach(async () => {
  server = await startProtocolServer();
});
afterEach(() => server[Symbol.asyncDispose]());

/** A minute per segment. */
function meeting(minutes: number, text = "We talk about the roof."): Transcript {
  const segments = Array.from({ length: minutes }, (_, minute) => ({
    startSeconds: minute * 60,
    endSeconds: minute * 60 + 50,
    text: ` ${text}`,
    speaker: `Speaker ${1 + (minute % 2)}`,
  }));
  return {
    text: segments.map((segment) => segment.text).join(""),
    language: "de",
    task: "transcribe",
    durationSeconds: minutes * 60,
    segments,
    recogniser: { name: "test", quality: 1 },
  };
}

const says = (content: string, finish = "stop"): Behaviour => ({
  kind: "say",
  body: {
    choices: [{ message: { content }, finish_reason: finish }],
    usage: { prompt_tokens: 100, completion_tokens: 10 },
  },
});
const refuses: Behaviour = { kind: "status", status: 400, body: '{"error":{"message":"context length exceeded"}}' };
const breaks: Behaviour = { kind: "stream", data: [], ending: "break" };

async function summarise(
  input: Transcript | string,
  { answers, options = {}, signal }: { answers: readonly Behaviour[]; options?: object; signal?: AbortSignal },
) {
  const adapter = openai({
    servers: { local: { baseUrl: server.baseUrl } },
    models: { talker: { server: "local", model: "talker", kind: "chat" } },
  });
  await using gate = await openGate({ adapters: [adapter], host: createPortableHost({ compute: planeOf(adapter) }) });
  const isText = typeof input === "string";
  const graph = {
    stargate: 1,
    name: "notes",
    inputs: { it: isText ? "text" : "transcript" },
    steps: [
      {
        kind: "transform",
        id: "notes",
        use: isText ? "openai.summarise-text" : "openai.summarise",
        from: "it",
        with: options as Record<string, never>,
      },
    ],
    output: "notes",
  } as const;
  const before = server.seen.length;
  server.next(...answers);
  const { value, receipt } = await gate.run(
    isText ? input : new Blob([JSON.stringify(input)]),
    { pipeline: graph },
    { ...(signal && { signal }) },
  );
  const asked = server.seen.slice(before).map(({ body }) => {
    const [system, user] = body["messages"] as { content: string }[];
    return { system: system?.content ?? "", user: user?.content ?? "", body };
  });
  return { value, receipt, asked };
}

/** What fits four lines of a meeting beside instructions and answer. */
const small = { contextTokens: 1024, answerTokens: 64, prompt: "Sum it up." };

describe("a meeting that fits into the model", () => {
  test("is read at once: who said what when, in its language", async () => {
    const { value, asked, receipt } = await summarise(meeting(2), { answers: [says("Roof. [00:01:00]")] });
    expect(value).toBe("Roof. [00:01:00]");
    expect(asked).toHaveLength(1);
    expect(asked[0]?.user).toBe(
      "[00:00:00] Speaker 1: We talk about the roof.\n[00:01:00] Speaker 2: We talk about the roof.",
    );
    expect(asked[0]?.system).toContain("Write in German.");
    expect(asked[0]?.system).toContain("## Action items");
    expect(asked[0]?.body).toMatchObject({ max_tokens: 1024, temperature: 0 });
    expect(receipt.coverage).toEqual([{ measure: "second", done: 120, of: 120 }]);
    expect(receipt.steps[0]?.facts).toMatchObject({
      model: "talker",
      parts: [{ from: "00:00:00", to: "00:02:00", inputTokens: 100, outputTokens: 10 }],
      rounds: 0,
      stamps: { kept: 1, invented: 0 },
    });
    expect(receipt.meter).toEqual([
      { step: "notes", unit: "input tokens", quantity: 100 },
      { step: "notes", unit: "output tokens", quantity: 10 },
    ]);
  });

  test("loses times that nobody said, with an issue that names them", async () => {
    const { value, receipt } = await summarise(meeting(2), {
      answers: [says("- Roof [00:01:00]\n- Wall [09:59:59].\n")],
    });
    expect(value).toBe("- Roof [00:01:00]\n- Wall.");
    expect(receipt.issues).toEqual([
      {
        step: "notes",
        code: "SG_OPENAI_INVENTED_TIME",
        message: "1 times that are not in what was read were left out: [09:59:59]",
        item: "00:00:00-00:02:00",
      },
    ]);
  });

  test("says that the model was cut short", async () => {
    const { receipt } = await summarise(meeting(1), { answers: [says("And so", "length")] });
    expect(receipt.degradations).toEqual([
      {
        step: "notes",
        what: "incomplete notes of 00:00:00-00:01:00",
        reason: 'the model stopped because of "length"',
      },
    ]);
  });

  test("is nothing when nothing was said, and nobody is asked", async () => {
    const { value, asked, receipt } = await summarise(meeting(0), { answers: [] });
    expect([value, asked.length]).toEqual(["", 0]);
    expect(receipt.coverage).toEqual([{ measure: "second", done: 0, of: 0 }]);
  });

  test("fails as the server fails", async () => {
    await expect(summarise(meeting(1), { answers: [refuses] })).rejects.toMatchObject({ code: "SG_OPENAI_REFUSED" });
    await expect(summarise(meeting(1), { answers: [says("  ")] })).rejects.toMatchObject({ code: "SG_OPENAI_ANSWER" });
  });

  test("needs room to read, or says what to change", async () => {
    await expect(
      summarise(meeting(1), { answers: [], options: { contextTokens: 1024, answerTokens: 800 } }),
    ).rejects.toMatchObject({
      code: "SG_OPTIONS_INVALID",
      hint: expect.stringContaining("contextTokens") as string,
    });
  });
});

describe("a meeting that is too long for the model", () => {
  const long = meeting(60, "We talk about the roof, and about who is going to pay for it.");

  test("is read in parts, whose notes are put together", async () => {
    const { value, asked, receipt } = await summarise(long, { answers: [], options: small });
    const reading = asked.filter(({ system }) => system.includes("one part of"));
    const joining = asked.filter(({ system }) => system.includes("notes of consecutive parts"));
    expect(reading.length).toBeGreaterThan(2);
    expect(joining.length).toBeGreaterThan(0);
    const lines = reading.flatMap(({ user }) => user.split("\n"));
    expect(lines).toHaveLength(60);
    expect(lines[59]).toBe("[00:59:00] Speaker 2: We talk about the roof, and about who is going to pay for it.");
    for (const { user, system } of reading) expect((user.length + system.length) / 3).toBeLessThan(1024 - 64);
    expect(typeof value).toBe("string");
    expect(receipt.coverage).toEqual([{ measure: "second", done: 3600, of: 3600 }]);
    expect(receipt.steps[0]?.facts["parts"]).toHaveLength(reading.length);
  });

  test("says which minutes are missing when a part fails", async () => {
    const { receipt, value } = await summarise(long, {
      answers: [says("A [00:00:00]"), breaks, ...Array.from({ length: 8 }, () => says("B"))],
      options: small,
    });
    const [gap] = receipt.coverage[0]?.missing ?? [];
    expect(value).toBe("B");
    expect(gap?.what).toMatch(/^00:\d\d:00-00:\d\d:00$/);
    expect(gap?.reason).toContain("SG_COMPUTE_HOST_LOST");
    expect(receipt.coverage[0]?.of).toBe(3600);
    expect(receipt.coverage[0]?.done).toBeLessThan(3600);
    expect(receipt.issues).toMatchObject([{ code: "SG_COMPUTE_HOST_LOST", item: gap?.what }]);
  });

  test("is halved where the server counts more tokens than were expected", async () => {
    const { asked, receipt, value } = await summarise(meeting(4), {
      answers: [refuses, says("first half"), says("second half"), says("both")],
    });
    expect(value).toBe("both");
    expect(asked.map(({ user }) => user.split("\n").length)).toEqual([4, 2, 2, 3]);
    expect(asked[3]?.user).toBe("first half\n\nsecond half");
    expect(receipt.coverage).toEqual([{ measure: "second", done: 240, of: 240 }]);
  });

  test("is the notes of its parts where they cannot be put together", async () => {
    const { receipt, value } = await summarise(meeting(4), {
      answers: [refuses, says("first half"), says("second half"), breaks],
    });
    expect(value).toBe("first half\n\nsecond half");
    expect(receipt.degradations).toMatchObject([{ what: "notes of parts, one behind the other" }]);
  });

  test("does not end in endless rounds when the model writes more than it is asked for", async () => {
    const chatter = Array.from({ length: 40 }, () => says("much too long ".repeat(400)));
    const { receipt, asked } = await summarise(long, { answers: chatter, options: small });
    expect(asked.length).toBeLessThan(12);
    expect(receipt.degradations.map(({ what }) => what)).toContain("notes of a part were cut");
  });

  test("takes back times of one part that another part cannot know", async () => {
    const { receipt, value } = await summarise(meeting(4), {
      answers: [refuses, says("A [00:03:00]"), says("B [00:03:00]"), says("A B [00:03:00] [00:00:00] [01:00:00]")],
    });
    expect(value).toBe("A B [00:03:00] [00:00:00]");
    expect(receipt.issues.map(({ item }) => item)).toEqual(["00:00:00-00:02:00", "the notes of all parts"]);
  });
});

test("a text is summarised by its characters, without times", async () => {
  const { value, asked, receipt } = await summarise("Some text.\nMore text [00:00:01].", {
    answers: [says("Short [00:00:09].")],
    options: { language: "French", prompt: "In one line." },
  });
  expect(value).toBe("Short [00:00:09].");
  expect(asked[0]?.user).toBe("Some text.\nMore text [00:00:01].");
  expect(asked[0]?.system).toMatch(/Write in French\.[\s\S]*In one line\./);
  expect(receipt.coverage).toEqual([{ measure: "character", done: 32, of: 32 }]);
});

test("a summary ends at once when it is cancelled", async () => {
  const abort = new AbortController();
  const running = summarise(meeting(1), { answers: [{ kind: "silence" }], signal: abort.signal });
  await server.silent();
  abort.abort();
  await expect(running).rejects.toMatchObject({ code: "SG_RUN_CANCELLED" });
});
