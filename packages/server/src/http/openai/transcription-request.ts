import { didYouMean, type JsonObject } from "@stargate/kernel";
import { fail } from "../../errors/transcription-errors.ts";
import { fail as failRequest } from "../../errors/server-errors.ts";
import type { TranscribeOption } from "../../transcriptions/transcribe-options.ts";
import { type TranscriptionForm, transcriptionFormats } from "../../transcriptions/transcription-form.ts";
import { essence } from "../body/media-type.ts";
import type { Part } from "../body/multipart.ts";
import { readForm } from "../body/read-inputs.ts";
import type { Exchange } from "../exchange.ts";

/** What an audio endpoint is asked for. */
export interface TranscriptionRequest {
  readonly file: Blob;
  readonly filename: string | undefined;
  readonly model: string | undefined;
  /** Options of the transform, by the convention that all of them follow. */
  readonly options: JsonObject;
  /** What the model must be able to do, with the field that asks for it. */
  readonly needs: ReadonlyMap<TranscribeOption, string>;
  readonly form: TranscriptionForm;
  readonly stream: boolean;
}

/** Fields that OpenAI knows and that say nothing here: how speech is cut is the model's own business. */
const ignored: readonly string[] = ["chunking_strategy", "user"];

/** Fields that OpenAI knows, which no model here can serve. */
const impossible: Readonly<Record<string, string>> = {
  "include[]": "Leave `include` away; the receipt says how sure the recogniser was of each segment.",
  "keywords[]": "Write the words into `prompt`.",
  "languages[]": "Send one `language`, or none: the recogniser finds out.",
  "known_speaker_names[]": "Leave it away.",
  "known_speaker_references[]": "Leave it away.",
};

const known = [
  "file",
  "model",
  "language",
  "prompt",
  "response_format",
  "temperature",
  "timestamp_granularities[]",
  "stream",
];

/**
 * Reads the form of an audio endpoint. Throws SG_HTTP_BODY, SG_HTTP_BODY_TOO_LARGE, SG_TRANSCRIPTION_FIELD,
 * SG_TRANSCRIPTION_FORMAT.
 */
export async function readTranscriptionRequest(
  exchange: Exchange,
  task: "transcribe" | "translate",
): Promise<TranscriptionRequest> {
  if (essence(exchange.incoming.headers["content-type"]) !== "multipart/form-data")
    throw failRequest("SG_HTTP_BODY", "The body is no multipart/form-data", {
      hint: 'Send a form: curl -F "file=@speech.mp3" -F "model=...".',
    });
  const fields = new Fields(await readForm(exchange));
  const file = fields.file();
  const language = fields.text("language");
  if (language !== undefined) checkLanguage(language, task);
  const prompt = fields.text("prompt");
  const temperature = fields.number("temperature", 1);
  const form = readFormat(fields);
  const stream = fields.flag("stream");
  if (stream && (form.format === "srt" || form.format === "vtt" || form.format === "verbose_json"))
    throw fail("SG_TRANSCRIPTION_FORMAT", `response_format is "${form.format}", which cannot be streamed`, {
      hint: 'Use response_format "json" with stream, or leave stream away.',
      details: { param: "response_format" },
    });
  const needs = new Map<TranscribeOption, string>();
  if (language !== undefined) needs.set("language", "language");
  if (task === "translate") needs.set("translate", "file");
  if (prompt !== undefined) needs.set("prompt", "prompt");
  if (form.words) needs.set("words", "timestamp_granularities");
  // At OpenAI 0 means: begin with 0, and go up where the text is not good enough. That is what models here do anyway.
  if (temperature !== undefined && temperature > 0) needs.set("temperature", "temperature");
  return {
    ...file,
    model: fields.text("model"),
    options: {
      ...(language !== undefined && { language }),
      ...(task === "translate" && { task }),
      ...(prompt !== undefined && { prompt }),
      ...(form.words && { words: true }),
      ...(temperature !== undefined && temperature > 0 && { temperature }),
    },
    needs,
    form,
    stream,
  };
}

function readFormat(fields: Fields): TranscriptionForm {
  const given = fields.text("response_format") ?? "json";
  const format = transcriptionFormats.find((some) => some === given);
  if (format === undefined)
    throw fail("SG_TRANSCRIPTION_FORMAT", `response_format is "${given}"${didYouMean(given, transcriptionFormats)}`, {
      hint: `Use one of ${transcriptionFormats.join(", ")}.`,
      details: { param: "response_format" },
    });
  const granularities = fields.all("timestamp_granularities[]");
  const wrong = granularities.find((granularity) => granularity !== "word" && granularity !== "segment");
  if (wrong !== undefined)
    throw fail("SG_TRANSCRIPTION_FIELD", `timestamp_granularities has "${wrong}", which is neither word nor segment`, {
      details: { param: "timestamp_granularities" },
    });
  if (granularities.length > 0 && format !== "verbose_json")
    throw fail("SG_TRANSCRIPTION_FORMAT", `response_format "${format}" has no place for timestamp_granularities`, {
      hint: 'Send response_format "verbose_json" with timestamp_granularities.',
      details: { param: "timestamp_granularities" },
    });
  const words = granularities.includes("word");
  return { format, words, segments: granularities.includes("segment") || !words };
}

const languageNames = new Intl.DisplayNames("en", { type: "language", fallback: "none" });

function checkLanguage(language: string, task: "transcribe" | "translate"): void {
  if (task === "translate")
    throw fail("SG_TRANSCRIPTION_FIELD", "A translation has no field `language`: it is into English", {
      details: { param: "language" },
    });
  if (isLanguage(language)) return;
  throw fail("SG_TRANSCRIPTION_FIELD", `language is "${language}", which is no language code`, {
    hint: 'Send an ISO 639-1 code such as "en" or "de", or leave `language` away: the recogniser finds out.',
    details: { param: "language" },
  });
}

function isLanguage(code: string): boolean {
  try {
    return languageNames.of(code) !== undefined;
  } catch {
    return false; // not even shaped like one
  }
}

/** The parts of the form, looked up by name. */
class Fields {
  readonly #parts: readonly Part[];

  constructor(parts: readonly Part[]) {
    this.#parts = parts;
    for (const { name } of parts) {
      const listName = `${name}[]`;
      const hint = impossible[name] ?? impossible[listName];
      if (hint !== undefined)
        throw fail("SG_TRANSCRIPTION_UNSUPPORTED", `This gateway has nothing for the field \`${name}\``, {
          hint,
          details: { param: name },
        });
      if (!known.includes(name) && !known.includes(listName) && !ignored.includes(name.replace(/\[.*/, "")))
        throw fail("SG_TRANSCRIPTION_FIELD", `The form has a field "${name}"${didYouMean(name, known)}`, {
          hint: `Use ${known.join(", ")}.`,
          details: { param: name },
        });
    }
  }

  file(): { readonly file: Blob; readonly filename: string | undefined } {
    const part = this.#parts.find(({ name }) => name === "file");
    if (part === undefined || typeof part.value === "string")
      throw fail("SG_TRANSCRIPTION_FIELD", "The form has no file in its field `file`", {
        hint: 'Send the recording as a file part: curl -F "file=@speech.mp3".',
        details: { param: "file" },
      });
    return { file: part.value, filename: part.filename };
  }

  /** Every value of a field; its name may stand with brackets or without. */
  all(name: string): readonly string[] {
    return this.#parts.flatMap((part) =>
      (part.name === name || `${part.name}[]` === name) && typeof part.value === "string" ? [part.value] : [],
    );
  }

  /** Undefined when it is absent or empty. */
  text(name: string): string | undefined {
    const [value = ""] = this.all(name);
    return value.trim() === "" ? undefined : value;
  }

  number(name: string, max: number): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (value >= 0 && value <= max) return value;
    throw fail("SG_TRANSCRIPTION_FIELD", `${name} is "${text}", not a number from 0 to ${max}`, {
      details: { param: name },
    });
  }

  flag(name: string): boolean {
    const text = this.text(name) ?? "false";
    if (text === "true" || text === "false") return text === "true";
    throw fail("SG_TRANSCRIPTION_FIELD", `${name} is "${text}", not true or false`, { details: { param: name } });
  }
}
