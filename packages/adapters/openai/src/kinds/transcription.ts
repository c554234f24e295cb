import { isStargateError, type JsonObject } from "@stargate/kernel";
import { z } from "zod";
import { fail } from "../openai-errors.ts";
import { askServer } from "../protocol/server.ts";
import { audioFileName } from "./audio-file-name.ts";
import type { Kind } from "./kind.ts";
import { parametersOf, parametersSpec, stringTensor } from "./string-tensors.ts";

/** The fields every server gives; the others go through as they are. */
const answerSchema = z.looseObject({ text: z.string() });

const reserved = ["model", "file", "response_format", "stream"];

/**
 * `POST /audio/transcriptions`: `audio` uint8 [bytes] (an encoded file) and `parameters` string [1] (a JSON object with
 * `language`, `prompt`, `temperature`, `timestamp_granularities[]`; may be left out) -> `text` string [1] and
 * `verbose_json` string [1], the server's whole answer (segments, words, language, duration) as JSON text. A server that
 * refuses verbose_json is asked for json.
 */
export const transcription: Kind = {
  signature: () => ({
    inputs: [{ name: "audio", dtype: "uint8", shape: ["bytes"] }, parametersSpec],
    outputs: [
      { name: "text", dtype: "string", shape: [1] },
      { name: "verbose_json", dtype: "string", shape: [1] },
    ],
  }),
  defaults: { parameters: stringTensor("{}") },
  open(model) {
    let format: "verbose_json" | "json" = "verbose_json";
    return async (inputs, signal) => {
      const audio = Uint8Array.from(inputs["audio"]?.data as Uint8Array); // checked against the signature before
      if (audio.byteLength === 0) throw fail("SG_COMPUTE_INPUT", `Input "audio" of model "${model.id}" has 0 bytes`);
      const parameters = { ...model.parameters, ...parametersOf(model.id, inputs, reserved) };
      const ask = async () => {
        const body = formOf({ ...parameters, model: model.name, response_format: format }, audio);
        const path = "/audio/transcriptions";
        const said = await askServer(model.server, { path, body, signal }, (answer) => answer.json());
        const parsed = answerSchema.safeParse(said);
        if (!parsed.success)
          throw fail(
            "SG_OPENAI_ANSWER",
            `Server "${model.server.name}" answers with something that is no transcription`,
          );
        return { text: stringTensor(parsed.data.text), verbose_json: stringTensor(JSON.stringify(said)) };
      };
      try {
        return await ask();
      } catch (error) {
        const unknownFormat =
          format === "verbose_json" &&
          isStargateError(error) &&
          error.code === "SG_OPENAI_REFUSED" &&
          /response_format|verbose_json/i.test(error.message);
        if (!unknownFormat) throw error;
        format = "json";
        return ask();
      }
    };
  },
};

function formOf(fields: JsonObject, audio: Uint8Array<ArrayBuffer>): FormData {
  const form = new FormData();
  form.append("file", new Blob([audio]), audioFileName(audio));
  for (const [name, value] of Object.entries(fields)) {
    for (const one of Array.isArray(value) ? value : [value])
      form.append(name, typeof one === "string" ? one : JSON.stringify(one));
  }
  return form;
}
