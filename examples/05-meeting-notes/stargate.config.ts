import { defineConfig } from "@stargate/server";

const { LLAMA_URL = "http://127.0.0.1:8081/v1", LLAMA_MODEL = "notes", SPEAKER_MODEL, SPEECH_ADAPTER } = process.env;
const diarise = SPEAKER_MODEL === undefined ? {} : { diarise: { model: SPEAKER_MODEL } };

export default defineConfig({
  adapters: [
    "onnx",
    // The test of this example puts a recogniser in its place that needs no model.
    SPEECH_ADAPTER ?? { use: "audio", with: diarise },
    "text",
    {
      use: "openai",
      with: {
        servers: { llama: { baseUrl: LLAMA_URL } },
        models: { notes: { model: LLAMA_MODEL, kind: "chat", server: "llama" } },
      },
    },
  ],
  allow: { hosts: [new URL(LLAMA_URL).host], networks: ["127.0.0.1"] },
  models: { accept: SPEAKER_MODEL === undefined ? [] : ["speaker-embedding"] },
  pipelines: [
    SPEAKER_MODEL === undefined ? "pipelines/transcript.yaml" : "pipelines/transcript-with-speakers.yaml",
    "pipelines/notes.yaml",
  ],
  log: { level: "silent" },
});
