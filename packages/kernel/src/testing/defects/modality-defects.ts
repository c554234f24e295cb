import type { Defect } from "./defect.ts";
import { note, soundSubject } from "./sound-subject.ts";

const altered = (changes: Partial<typeof note>): typeof note => Object.freeze({ ...note, ...changes });

export const modalityDefects: readonly Defect[] = [
  {
    name: "does not recognise its own files",
    caughtBy: "sniffs-own-samples",
    subject: soundSubject({ modalities: [altered({ sniff: () => undefined })] }),
  },
  {
    name: "is certain about everything that is not empty",
    caughtBy: "sniffing-is-safe",
    subject: soundSubject({
      modalities: [
        altered({ sniff: (head) => (head.length > 0 ? { mediaType: "text/x-note", confidence: 1 } : undefined) }),
      ],
    }),
  },
  {
    name: "falls over an empty head",
    caughtBy: "sniffing-is-safe",
    subject: soundSubject({
      modalities: [
        altered({
          sniff: (head) =>
            (head[0] as number).toString(16) === "4e" ? { mediaType: "text/x-note", confidence: 1 } : undefined,
        }),
      ],
    }),
  },
  {
    name: "loses the last word when it writes",
    caughtBy: "codecs-round-trip",
    subject: soundSubject({
      modalities: [
        altered({
          codecs: {
            "text/x-note": {
              ...note.codecs["text/x-note"],
              encode: (value) => `NOTE ${value.words.slice(0, -1).join(" ")}`,
            },
          },
        }),
      ],
    }),
  },
  {
    name: "decodes into something its schema refuses",
    caughtBy: "decodes-into-schema",
    subject: soundSubject({
      modalities: [
        altered({
          codecs: {
            "text/x-note": { decode: async (blob) => ({ words: (await blob.text()).split(" "), author: "unknown" }) },
          },
        }),
      ],
    }),
  },
  {
    name: "measures a negative number of words",
    caughtBy: "decodes-into-schema",
    subject: soundSubject({ modalities: [altered({ measureOf: () => -1 })] }),
  },
];
