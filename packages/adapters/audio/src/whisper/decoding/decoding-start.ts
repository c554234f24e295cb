import type { DecoderState } from "../model/decoder-state.ts";
import type { Logits, WhisperDecoder } from "../model/whisper-decoder.ts";
import type { LogitRules } from "./logit-rules.ts";

/** Where every attempt at some windows begins: their prompts have been read. */
export interface DecodingStart {
  readonly model: Pick<WhisperDecoder, "advance">;
  readonly state: DecoderState;
  readonly logits: Logits;
  readonly rules: LogitRules;
  readonly endOfText: number;
  /** Tokens a window may have at most. */
  readonly maxTokens: number;
  readonly signal: AbortSignal;
}

/** Tokens that a Whisper decoder can hold. */
export const CONTEXT_TOKENS = 448;
