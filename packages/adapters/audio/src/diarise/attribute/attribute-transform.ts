import { defineTransform, speakerTurns, transcript } from "@stargate/kernel";
import { attributeTranscript } from "./attribute-transcript.ts";

/** Who said what: a transcript and the turns of any diariser, put together. */
export const attributeTransform = defineTransform({
  id: "audio.attribute",
  version: "1.0.0",
  summary: "A transcript whose segments say who speaks, cut between words where the speaker changes",
  from: { transcript, turns: speakerTurns },
  to: transcript,
  coverage: "whole",
  run(input, context) {
    const attributed = attributeTranscript(input.transcript, input.turns);
    context.disclose({
      segments: attributed.segments.length,
      cuts: attributed.segments.length - input.transcript.segments.length,
      withoutSpeaker: attributed.segments.filter(({ speaker }) => speaker === undefined).length,
    });
    return attributed;
  },
});
