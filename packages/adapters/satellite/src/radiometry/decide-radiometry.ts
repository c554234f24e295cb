import type { Raster } from "../modalities/raster/raster-schema.ts";
import { fail } from "../satellite-errors.ts";
import type { SceneSample } from "./band-sample.ts";
import { type Claims, collectClaims, isClaimed, type StatedReading } from "./claims.ts";
import { judgeReading, MIN_PIXELS } from "./judge-reading.ts";
import type { RadiometryDecision, RadiometryOption, Reading, ReadingEvidence } from "./radiometry-decision.ts";
import { isSameReading, readings } from "./readings.ts";

export interface RadiometryQuestion {
  readonly raster: Raster;
  readonly stated: readonly StatedReading[];
  /** Of at least two visible and one short-wave band, else pixels cannot decide. */
  readonly sample: SceneSample;
  readonly option: RadiometryOption;
}

/**
 * Decides how numbers become reflectance. A reading is taken when metadata and pixels agree on it, when pixels show it and
 * exclude what metadata say, or when metadata that were never seen to be wrong are not excluded by pixels. Everything else
 * is refused: throws SG_SATELLITE_RADIOMETRY with what each reading gives.
 */
export function decideRadiometry({ raster, stated, sample, option }: RadiometryQuestion): RadiometryDecision {
  const claims = collectClaims(raster, stated);
  if (option !== "auto") return asTold(claims, stated, option);
  const known = readings[raster.product];
  if (sample.isMasked && sample.bands.every(({ sorted }) => sorted.length < MIN_PIXELS))
    return {
      scale: known[0]?.scale ?? 1,
      offset: claims.offset ?? known[0]?.offset ?? 0,
      reading: "undecided",
      confidence: 0,
      basis: [...claims.basis, "almost nothing of the scene is clear: nothing was decided, and nothing of it is used"],
      evidence: [],
      contradictsMetadata: false,
    };
  const [first] = stated;
  const said: Reading | undefined =
    first?.scale === undefined ? undefined : { name: "as stated", scale: first.scale, offset: first.offset ?? 0 };
  // What a product of a known scale states beyond its readings is an accident of its own, and no candidate.
  const isForeign = raster.product === "other" && said !== undefined && known.every((one) => !isSameReading(one, said));
  const candidates = isForeign ? [...known, said] : known;
  const evidence = candidates.map((reading) => judgeReading(sample, reading));
  const judged = candidates.map((reading, index) => ({ reading, evidence: evidence[index] as ReadingEvidence })); // same length
  const possible = judged.filter((one) => one.evidence.verdict !== "impossible");
  const usable = possible.filter(({ reading }) => reading.isDoubt !== true);
  const supported = usable.filter((one) => one.evidence.verdict === "supported");
  const claimed = usable.filter(({ reading }) => isClaimed(claims, reading));
  const accept = (reading: Reading, confidence: number, why: string): RadiometryDecision => ({
    scale: reading.scale,
    offset: reading.offset,
    reading: reading.name,
    confidence,
    basis: [...claims.basis, why],
    evidence,
    contradictsMetadata:
      (claims.offset !== undefined && !isClaimed(claims, reading)) ||
      (claims.scale !== undefined && Math.abs(claims.scale / reading.scale - 1) > 1e-3),
  });

  const [shown] = supported;
  const [agreed] = claimed;
  if (supported.length === 1 && shown !== undefined) {
    if (isClaimed(claims, shown.reading)) return accept(shown.reading, 1, "metadata and pixels agree");
    // Against metadata, or without them, only when nothing else is possible.
    if (possible.length === 1)
      return accept(shown.reading, 0.95, "pixels decide; metadata are wrong, contradictory or silent");
  }
  if (supported.length === 0 && claimed.length === 1 && agreed !== undefined) {
    // What metadata say about digital numbers says nothing about reflectance that somebody made of them. They are believed
    // where clouds were left out, so that pixels could object; Landsat's offset is so large that they can with clouds, too.
    const mayObject = sample.isMasked || raster.product === "landsat-c2-l2";
    if (claims.isStrong && mayObject && agreed.reading.scale !== 1)
      return accept(agreed.reading, 0.8, "metadata decide; pixels have no dark targets and do not object");
    if (possible.length === 1 && sample.isMasked)
      return accept(agreed.reading, 0.85, "metadata decide; pixels exclude every other reading");
  }
  throw refusal(raster, claims, evidence);
}

function asTold(
  claims: Claims,
  stated: readonly StatedReading[],
  option: Exclude<RadiometryOption, "auto">,
): RadiometryDecision {
  const common = { confidence: 0.5, evidence: [], contradictsMetadata: false };
  if (option !== "as-stated")
    return {
      ...option,
      ...common,
      reading: "told by the caller",
      basis: [...claims.basis, "the caller said it; pixels were not asked"],
    };
  const [first] = stated;
  if (first?.scale === undefined)
    throw fail("SG_SATELLITE_RADIOMETRY", "Neither catalogue nor file state a scale, so nothing is read as stated", {
      hint: "Say it: radiometry: { scale: 0.0001, offset: 0 }, or leave the option out.",
    });
  return {
    scale: first.scale,
    offset: first.offset ?? 0,
    reading: "as stated",
    ...common,
    basis: [...claims.basis, "the caller wants it as stated; pixels were not asked"],
  };
}

function refusal(raster: Raster, claims: Claims, evidence: readonly ReadingEvidence[]): Error {
  const told = evidence.map(({ reading, verdict, reason }) => `${reading}: ${verdict} (${reason})`);
  return fail(
    "SG_SATELLITE_RADIOMETRY",
    `Scene "${raster.id}": ${claims.basis.join("; ")}. Pixels: ${told.join("; ")}`,
    { details: { scene: raster.id, claims: [...claims.basis], evidence: told } },
  );
}
