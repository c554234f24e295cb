import { fail } from "../errors/transcription-errors.ts";
import type { TranscribeOption } from "./transcribe-options.ts";
import type { TranscriptionModel } from "./transcription-models.ts";

/** Throws SG_TRANSCRIPTION_UNSUPPORTED for what a model cannot do; `needs` says which field asks for it. */
export function checkNeeds(model: TranscriptionModel, needs: ReadonlyMap<TranscribeOption, string>): void {
  for (const [need, field] of needs) {
    if (model.takes.has(need)) continue;
    const what = need === "translate" ? "translate" : `take \`${field}\``;
    throw fail("SG_TRANSCRIPTION_UNSUPPORTED", `Model "${model.name}" cannot ${what}`, { details: { param: field } });
  }
}
