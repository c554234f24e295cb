import { envelopeMediaType } from "../gateway/envelope.ts";

/** Whether the client asked for output and receipt in one JSON document. */
export function wantsEnvelope(accept: string | undefined): boolean {
  if (accept === undefined || !accept.includes(envelopeMediaType)) return false;
  return accept.split(",").some((range) => {
    const [type, ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
    return type === envelopeMediaType && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}
