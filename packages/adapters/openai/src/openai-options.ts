import { z } from "zod";

const baseUrl = z
  .url({ protocol: /^https?$/, error: 'expected an address as the server documents it: "http://127.0.0.1:11434/v1"' })
  .transform((url) => url.replace(/\/+$/, ""));

/** Name of a secret of the host, never the key itself. */
const apiKey = z.string().min(1).max(200);

/** Longest silence of a server, unless its options say otherwise. */
export const defaultStallMs = 120_000;

const serverSchema = z.strictObject({
  /** Everything before "/embeddings" or "/chat/completions": "http://127.0.0.1:11434/v1". */
  baseUrl,
  /** Name of the secret that holds the API key. Absent: none is sent. */
  apiKey: apiKey.optional(),
  /** Longest silence: before the first byte of an answer (a CPU may read a long prompt for minutes) and between two. */
  stallMs: z.number().positive().default(defaultStallMs),
});

/** `settings` of a model: which model of which server it is. */
export const modelSettingsSchema = z
  .strictObject({
    /** A server of the adapter's options. Absent, without `baseUrl`: any of them. */
    server: z.string().min(1).optional(),
    /** A server that the options do not name. */
    baseUrl: baseUrl.optional(),
    /** Name of the secret with the key, in place of the server's own. */
    apiKey: apiKey.optional(),
    /** What the server calls the model: "nomic-embed-text". */
    model: z.string().min(1),
    kind: z.enum(["embeddings", "chat", "transcription"]),
    /** Embeddings: their length. Asked for from the server, and checked. Absent: what the server gives. */
    dimensions: z.int().min(1).optional(),
    /** Chat and transcription: fields of every request (`temperature`, `max_tokens`); those of a call win. */
    parameters: z.record(z.string(), z.json()).default({}),
  })
  .refine(({ server, baseUrl: url }) => server === undefined || url === undefined, {
    error: "has both `server` and `baseUrl`; give one",
  });

/** Options of the adapter: what the operator decides. */
export const openaiOptionsSchema = z.strictObject({
  /** Servers by name; each is a device of the backend. Models that name none run on any of them. */
  servers: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/, "names are kebab-case"), serverSchema).default({}),
  /** Models by id. Those of kind "embeddings" and "chat" can be used by openai.embed and openai.chat. */
  models: z.record(z.string().min(1), modelSettingsSchema).default({}),
});

export type OpenaiOptions = Readonly<z.infer<typeof openaiOptionsSchema>>;
export type OpenaiOptionsInput = Readonly<z.input<typeof openaiOptionsSchema>>;
export type OpenaiModelSettings = Readonly<z.infer<typeof modelSettingsSchema>>;
