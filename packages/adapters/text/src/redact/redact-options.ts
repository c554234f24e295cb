import { z } from "zod";

/** What is looked for. "word": what the caller names. */
export const sensitiveKinds = ["email", "phone", "card", "iban", "ip", "url", "profanity"] as const;

export type SensitiveKind = (typeof sensitiveKinds)[number] | "word";

/** What is replaced, and by what: what the caller decides. */
export const redactOptionsSchema = z.strictObject({
  kinds: z.array(z.enum(sensitiveKinds)).default(["email", "phone", "card", "iban", "ip", "profanity"]),
  /**
   * Words and phrases of one's own, in any case. "*" stands for any letters and digits, "?" for one of them, "#" for one
   * digit: "Falcon*", "MRN-######". No regular expressions: these are found in linear time, whatever they are.
   */
  words: z
    .array(
      z
        .string()
        .max(100)
        .regex(/[\p{L}\p{N}#]/u, "expected a letter, a digit or # in it"),
    )
    .max(1000)
    .default([]),
  /** "kind": [email]. "stars": ***, whatever it was. */
  mask: z.enum(["kind", "stars"]).default("kind"),
});

export type RedactOptions = Readonly<z.infer<typeof redactOptionsSchema>>;
