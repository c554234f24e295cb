import {
  createPayload,
  isStargateError,
  digestJson,
  throwIfCancelled,
  type Answer,
  type AnyModality,
  type Clock,
  type Gate,
  type Graph,
  type Host,
  type InputValue,
  type Json,
  type StargateError,
} from "@stargate/kernel";
import { loadSatellite, type Features, type Raster, type RasterSeries } from "../composition-root.ts";
import { createWakeUp } from "../connectors/wake-up.ts";
import { fail } from "../errors/server-errors.ts";
import { failWatch } from "../errors/watch-errors.ts";
import { countAlerts } from "./count-alerts.ts";
import { noAlerts, type WatchFiles } from "./watch-files.ts";
import { watchPipelines, type WatchPipelines } from "./watch-pipelines.ts";
import type { WatchDefinition } from "./watches-schema.ts";

/** What a watch tells while it works. */
export type WatchEvent =
  | { readonly type: "searched"; readonly scenes: number; readonly fresh: number }
  | { readonly type: "scene"; readonly scene: string; readonly acquiredAt: string; readonly observedShare: number }
  | { readonly type: "scene-failed"; readonly scene: string; readonly code: string; readonly message: string }
  | { readonly type: "round-failed"; readonly code: string; readonly message: string }
  | {
      readonly type: "alerts";
      readonly alerts: number;
      readonly fresh: number;
      readonly hectares: number;
      readonly judgedShare: number;
    };

export interface WatchAreaOptions {
  readonly gate: Gate;
  readonly host: Pick<Host, "openScratch" | "randomId" | "log">;
  readonly clock: Clock;
  readonly definition: WatchDefinition;
  readonly area: Features;
  readonly files: WatchFiles;
  /** Address of pictures of alerts, with "{id}" in it, where somebody serves them. */
  readonly chips?: string | undefined;
  readonly signal: AbortSignal;
  readonly onEvent?: ((event: WatchEvent) => void) | undefined;
}

/** Scenes under way at once: one waits for its server while another is computed. */
const SCENES_AT_ONCE = 3;

/**
 * Asks the catalogue for scenes of the area, reads each new one once, and looks for changes whenever there is something
 * new. All that was done lies in the files: after a crash it goes on where it was, without losing or repeating a scene.
 */
export class AreaWatch {
  readonly #options: WatchAreaOptions;
  readonly #pipelines: WatchPipelines;

  constructor(options: WatchAreaOptions) {
    this.#options = options;
    this.#pipelines = watchPipelines(options.definition, options.chips);
  }

  /**
   * One round. Throws what searching and detecting threw, and SG_WATCH_UNREADABLE while not one scene could be read; single
   * scenes that fail are told, and tried again in a later round.
   */
  async round(): Promise<void> {
    const { files, onEvent } = this.#options;
    const rasters = await this.#scenes();
    const fresh: FoundScene[] = [];
    for (const scene of rasters.map(found)) if (await this.#isDue(scene)) fresh.push(scene);
    onEvent?.({ type: "searched", scenes: rasters.length, fresh: fresh.length });
    const problem = await this.#observeAll(fresh);
    const observed = await files.observed();
    if (observed.length === 0) throw await this.#unreadable(rasters.length, problem);
    // What was looked at, and how, lies in the record: a crash between the last scene and the alerts loses nothing.
    const detected = digestJson([this.#pipelines.detect as unknown as Json, [...observed]]); // a graph is JSON
    if (detected === files.record().detected) return;
    await files.note({ judgedShare: await this.#detect(), detected });
  }

  /** Round after round until the signal aborts. A round that fails is told in the log; the next one comes all the same. */
  async run(): Promise<void> {
    const { signal, clock, definition, host, onEvent } = this.#options;
    const bell = createWakeUp();
    while (!signal.aborted) {
      try {
        await this.round();
      } catch (error) {
        if (signal.aborted) return;
        if (!isStargateError(error)) host.log.error("A round of a watch failed", { error: String(error) });
        const { code, message } = isStargateError(error)
          ? error
          : fail("SG_SERVER_INTERNAL", "The round failed for a reason that lies in the gateway");
        onEvent?.({ type: "round-failed", code, message });
      }
      await bell.wait({ clock, signal, atMostMs: definition.everySeconds * 1000 });
    }
  }

  async #scenes(): Promise<readonly Raster[]> {
    const { definition } = this.#options;
    const { search } = this.#pipelines;
    if (search !== undefined) return ((await this.#run(search, {})).value as RasterSeries).rasters; // the pipeline's output
    const { openSceneFolder } = await loadSatellite();
    const { series } = await openSceneFolder(definition.scenes ?? "");
    return series.rasters.filter(({ acquiredAt = "" }) => acquiredAt >= definition.from);
  }

  async #isDue({ raster: { id }, version }: FoundScene): Promise<boolean> {
    const { files, clock } = this.#options;
    return !(await files.isDone(id)) && !(await files.problems.isWaiting(id, version, clock.epochMs()));
  }

  /** Gives what went wrong last. The first scene that can be read decides the pixels; then several are read at once. */
  async #observeAll(scenes: readonly FoundScene[]): Promise<StargateError | undefined> {
    const { files } = this.#options;
    let problem: StargateError | undefined;
    let isStopped = false;
    const queue = scenes.values();
    const work = async (isEnough: () => boolean): Promise<void> => {
      while (!isEnough()) {
        const { done, value: scene } = queue.next();
        if (done === true) return;
        problem = (await this.#observe(scene)) ?? problem;
      }
    };
    const others = async (): Promise<void> => {
      try {
        await work(() => isStopped);
      } catch (error) {
        isStopped = true;
        throw error;
      }
    };
    await work(() => files.record().pixels !== undefined);
    const ended = await Promise.allSettled(Array.from({ length: SCENES_AT_ONCE }, others));
    for (const end of ended) if (end.status === "rejected") throw end.reason;
    return problem;
  }

  /** Gives what went wrong; it is told, and written down. */
  async #observe({ raster: scene, version }: FoundScene): Promise<StargateError | undefined> {
    const { files, host, signal, clock, definition, onEvent } = this.#options;
    const place = host.openScratch({ runId: host.randomId(), tenant: definition.tenant, signal });
    try {
      const pipeline = this.#pipelines.observe(files.record().pixels);
      const answer = await this.#run(pipeline, { scene: this.#payload("raster", scene) }, place.scratch);
      await this.#keep(scene, answer);
      onEvent?.({
        type: "scene",
        scene: scene.id,
        acquiredAt: scene.acquiredAt ?? "",
        observedShare: shareOf(answer, "pixel"),
      });
      return undefined;
    } catch (error) {
      throwIfCancelled(signal, "The watch");
      if (!isStargateError(error)) throw error;
      const { code, message, hint, retryable } = error;
      if (code === "SG_FETCH_DENIED") throw error; // the operator's to mend: no scene's fault
      onEvent?.({ type: "scene-failed", scene: scene.id, code, message });
      const at = new Date(clock.epochMs()).toISOString();
      if (!retryable) await files.problems.note({ scene: scene.id, code, message, hint, at, version });
      return error;
    } finally {
      await place.close();
    }
  }

  async #keep(scene: Raster, answer: Answer): Promise<void> {
    const { files } = this.#options;
    const observed = answer.value as Raster; // the pipeline's output
    const { source, grid } = observed.bands[0] ?? {};
    if (source?.kind !== "file" || grid === undefined)
      throw fail("SG_SERVER_INTERNAL", `Scene "${scene.id}" gave no file`);
    if (files.record().pixels === undefined) await files.note({ pixels: { crs: grid.crs, pixelSize: grid.affine[0] } });
    const { itemOfRaster } = await loadSatellite();
    await files.keep(scene.id, source.blob, answer.receipt, (fileName) => itemOfRaster(observed, `./${fileName}`));
  }

  async #unreadable(scenes: number, latest: StargateError | undefined): Promise<Error> {
    const [known] = await this.#options.files.problems.list();
    const { message, hint } = latest ?? known ?? { message: "the catalogue has none", hint: undefined };
    return failWatch("SG_WATCH_UNREADABLE", `None of ${scenes} scenes could be read: ${message}`, { hint });
  }

  /** Gives the share of the area that could be judged. */
  async #detect(): Promise<number> {
    const { files, onEvent } = this.#options;
    const { openSceneFolder } = await loadSatellite();
    const { rasters } = (await openSceneFolder(files.scenesFolder)).series;
    const known = (await files.beginAlerts()) ?? noAlerts;
    const answer = await this.#run(this.#pipelines.detect, { scenes: iterate(rasters), known: geojson(known) });
    const found = answer.value as Features; // the pipeline's output
    const before = new Set((JSON.parse(known) as Features).features.map(({ id }) => id)); // our own file
    const { body } = await this.#options.gate.encode(answer.payload, "application/geo+json");
    await files.keepAlerts(await new Response(body).text());
    const judgedShare = shareOf(answer, "pixel");
    onEvent?.({
      type: "alerts",
      ...countAlerts(found),
      fresh: found.features.filter(({ id, properties }) => properties?.["current"] === true && !before.has(id)).length,
      judgedShare,
    });
    return judgedShare;
  }

  #run(
    pipeline: Graph,
    inputs: Readonly<Record<string, InputValue>>,
    scratch?: ReturnType<Host["openScratch"]>["scratch"],
  ): Promise<Answer> {
    const { gate, area, definition, signal } = this.#options;
    return gate.run(
      { ...inputs, area: this.#payload("features", area) },
      { pipeline },
      { signal, tenant: definition.tenant, scratch },
    );
  }

  #payload(modality: string, value: unknown): InputValue {
    const known = this.#options.gate.registry.modality(modality) as AnyModality;
    return createPayload(known, value);
  }
}

/** A scene of the catalogue, and a digest of what the catalogue says of it. */
interface FoundScene {
  readonly raster: Raster;
  readonly version: string;
}

function found(raster: Raster): FoundScene {
  const bands = raster.bands.map(({ name, source, scale, offset }) => {
    const file = source.kind === "remote" ? source.href.replace(/[?#].*$/, "") : undefined; // signatures change by the hour
    return [name, file ?? (source.kind === "file" ? source.blob.size : null), scale ?? null, offset ?? null];
  });
  return { raster, version: digestJson([bands, raster.processing ?? null]) };
}

/** How much of a measure was read, 0-1. */
function shareOf({ receipt }: Answer, measure: string): number {
  const found = receipt.coverage.find((each) => each.measure === measure);
  return found?.of ? found.done / found.of : 0;
}

function geojson(text: string): Blob {
  return new Blob([text], { type: "application/geo+json" });
}

async function* iterate<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
