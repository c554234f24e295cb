import { fail, type ModelProgram, type Tensor } from "@stargate/kernel/backend";
import { floatsOf, floatTensor } from "../model/float-values.ts";
import { type HeardWindows, isFirstWhole, rowsOf } from "./hear-windows.ts";
import { prepareWhisper } from "./prepared-whisper.ts";
import { factsOf, parseRequest, requestSpec, resultsOf, resultsSpec } from "./program-tensors.ts";
import { transcribeWindows } from "./transcribe-windows.ts";
import type { WindowRequest } from "./window-request.ts";

/**
 * Whisper without its encoder, which has listened elsewhere: everything else is as in `whisperProgram`. Parts: `decoder`
 * (merged), or `decoder` and `decoderWithPast`.
 *
 * `hidden` is what the encoder gave for each window (`last_hidden_state`). Where the language is to be told and the first
 * window is shorter than 30 s, one more row follows: the first window followed by silence.
 */
export const whisperDecoderProgram: ModelProgram = {
  signature: {
    inputs: [{ name: "hidden", dtype: "float32", shape: ["rows", "positions", "width"] }, requestSpec],
    outputs: [resultsSpec],
  },
  async run({ hidden, request }, context) {
    if (hidden === undefined || request === undefined)
      throw fail("SG_COMPUTE_INPUT", "A Whisper decoder takes hidden and request");
    const asked = parseRequest(request);
    const whisper = await prepareWhisper(context);
    if (asked.windows.length === 0) return resultsOf([factsOf(whisper, whisper.mels)]);
    const heard = heardElsewhere(inDtype(hidden, whisper.decoder.hiddenDtype), asked);
    return resultsOf(await transcribeWindows(whisper, heard, asked, context.signal));
  },
};

function inDtype(hidden: Tensor, dtype: string): Tensor {
  return dtype === hidden.dtype ? hidden : floatTensor(new Float32Array(floatsOf(hidden)), hidden.shape, dtype);
}

/** Throws SG_COMPUTE_INPUT. */
function heardElsewhere(hidden: Tensor, { windows }: WindowRequest): HeardWindows {
  const [rows = 0] = hidden.shape;
  const hasFirst = rows === windows.length + 1;
  if (rows !== windows.length && !hasFirst)
    throw fail("SG_COMPUTE_INPUT", `${rows} rows of what was heard for a request of ${windows.length} windows`);
  return {
    hidden: hasFirst
      ? rowsOf(
          hidden,
          windows.map((_, window) => window),
        )
      : hidden,
    async first() {
      if (!hasFirst && !isFirstWhole(windows))
        throw fail("SG_COMPUTE_INPUT", "To tell the language, the first window is needed followed by silence");
      return rowsOf(hidden, [hasFirst ? windows.length : 0]);
    },
  };
}
