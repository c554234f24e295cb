import type { CodecContext } from "../contract/modality.ts";
import { fail } from "../errors/catalog.ts";
import { isStargateError } from "../errors/stargate-error.ts";
import { mediaTypesWithMagic } from "../modalities/media/magic.ts";
import type { Registry } from "../registry/registry.ts";
import { acceptedText } from "./accepted-types.ts";
import { normalMediaType } from "./media-type.ts";
import { CERTAIN, sniff, type Candidate } from "./sniff.ts";

export interface IngestOptions {
  /** Modality ids the input may become. Default: all. "bytes" takes what nobody recognises, and only where it is listed. */
  readonly as?: readonly string[] | undefined;
  /** How far a modality is from the goal. Where the content leaves a choice, the nearest wins: a photo is no page. */
  readonly distance?: ((modality: string) => number | undefined) | undefined;
  /** What the sender says: a Content-Type, with or without parameters. Content wins over it. */
  readonly declaredType?: string | undefined;
  readonly context: CodecContext;
}

/** An input that was recognised and decoded: what a payload is made of. */
export interface Ingested {
  readonly modality: string;
  readonly mediaType: string;
  readonly value: unknown;
  readonly name?: string | undefined;
  /** The declared media type, when the content shows that it is another. To be disclosed. */
  readonly contradicts?: string | undefined;
}

/**
 * Recognises an input by its content and decodes it. Reads only the head to decide.
 * Throws SG_INPUT_EMPTY, SG_INPUT_UNRECOGNISED (listing what is accepted), and what the codec throws.
 */
export async function ingest(registry: Registry, blob: Blob, options: IngestOptions): Promise<Ingested> {
  if (blob.size === 0) throw fail("SG_INPUT_EMPTY", "The input has 0 bytes");
  const { as, context } = options;
  const declared = normalMediaType(options.declaredType);
  const found = await sniff(registry, blob);
  const accepted = as ?? registry.modalities.map(({ id }) => id).filter((id) => id !== "bytes");
  const candidates = chooseCandidates(registry, found, declared, accepted, options.distance);
  if (candidates.length === 0) throw unrecognised(registry, found, declared, accepted);
  const { modality, mediaType, value } = await decodeFirst(registry, blob, candidates, context);
  const contradicts = declared !== undefined && !agrees(declared, mediaType) ? declared : undefined;
  return { modality, mediaType, value, name: context.name, contradicts };
}

/** Candidates to decode, best first: what magic bytes prove, else what was declared, else what content suggests. */
function chooseCandidates(
  registry: Registry,
  found: readonly Candidate[],
  declared: string | undefined,
  accepted: readonly string[],
  distance: IngestOptions["distance"] = () => 0,
): readonly Candidate[] {
  const far = ({ modality }: Candidate): number => distance(modality) ?? Number.MAX_VALUE;
  const possible = found.filter(({ modality }) => accepted.includes(modality)).toSorted((a, b) => far(a) - far(b)); // stable: equally near ones stay in the order of confidence
  const asDeclared = (candidate: Candidate): boolean => candidate.mediaType === declared;
  if (found.some(({ confidence }) => confidence >= CERTAIN)) {
    const proven = possible.filter(({ confidence }) => confidence >= CERTAIN);
    const agreeing = proven.filter(asDeclared);
    const best = agreeing.length > 0 ? agreeing : proven;
    return (best.length > 0 ? best : possible.filter(({ confidence }) => confidence === 0)).slice(0, 1);
  }
  if (declared !== undefined) {
    if (mediaTypesWithMagic.has(declared)) return possible.filter(({ confidence }) => confidence === 0);
    const sniffed = possible.filter(asDeclared);
    const others = decodersOf(registry, declared, accepted).filter((id) =>
      sniffed.every(({ modality }) => modality !== id),
    );
    const trusted = [
      ...sniffed,
      ...others.map((modality): Candidate => ({ modality, mediaType: declared, confidence: 0.1 })),
    ];
    if (trusted.length > 0) return trusted;
  }
  return possible.slice(0, 1);
}

function decodersOf(registry: Registry, mediaType: string, accepted: readonly string[]): readonly string[] {
  return registry.modalities
    .filter(
      (modality) => accepted.includes(modality.id) && registry.codecs(modality).get(mediaType)?.decode !== undefined,
    )
    .map(({ id }) => id);
}

/** Several modalities may travel as one media type (JSON): the first that the content fits is taken. */
async function decodeFirst(
  registry: Registry,
  blob: Blob,
  candidates: readonly Candidate[],
  context: CodecContext,
): Promise<Candidate & { readonly value: unknown }> {
  let failure: unknown;
  for (const candidate of candidates) {
    try {
      const codec = registry.codecs(registry.modality(candidate.modality)).get(candidate.mediaType);
      return { ...candidate, value: await codec?.decode?.(blob, context) };
    } catch (error) {
      if (!isStargateError(error) || !error.code.startsWith("SG_INPUT_")) throw error;
      failure ??= error;
    }
  }
  throw failure;
}

/**
 * Text may be declared as any kind of text, the anymap family has a common name, and a container of films may hold
 * sound alone.
 */
function agrees(declared: string, mediaType: string): boolean {
  if (declared === mediaType) return true;
  if (/^(?:audio|video)\//.test(declared) && declared.slice(6) === mediaType.slice(6)) return true;
  if (declared === "image/x-portable-anymap") return mediaType.startsWith("image/x-portable-");
  return mediaType === "text/plain" && declared.startsWith("text/");
}

function unrecognised(
  registry: Registry,
  found: readonly Candidate[],
  declared: string | undefined,
  accepted: readonly string[],
): Error {
  const mediaTypes = [...new Set(accepted.flatMap((id) => decodableTypes(registry, id)))];
  const certain = found.find(({ confidence }) => confidence >= CERTAIN);
  const guess = found.find(({ confidence }) => confidence > 0);
  const message =
    certain !== undefined
      ? `The input is ${certain.mediaType}, which is not accepted here`
      : declared !== undefined && mediaTypesWithMagic.has(declared)
        ? `The input is declared as ${declared}, but its bytes are not`
        : guess !== undefined
          ? `The input looks like ${guess.mediaType}, which is not accepted here`
          : declared !== undefined
            ? `Nothing open reads ${declared}, and the bytes are not recognised`
            : "The bytes are not recognised, and no media type is declared";
  const hint =
    mediaTypes.length === 0 ? undefined : `Send ${acceptedText(mediaTypes)}, or open an adapter that reads this input.`;
  return fail("SG_INPUT_UNRECOGNISED", message, { hint, details: { accepted: mediaTypes.toSorted() } });
}

function decodableTypes(registry: Registry, id: string): readonly string[] {
  return [...registry.codecs(registry.modality(id))]
    .filter(([, codec]) => codec.decode !== undefined)
    .map(([mediaType]) => mediaType);
}
