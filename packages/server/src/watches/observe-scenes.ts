import {
  createPayload,
  digestJson,
  isStargateError,
  throwIfCancelled,
  type Answer,
  type StargateError,
} from "@stargate/kernel";
import { loadSatellite, type Raster } from "../composition-root.ts";
import { fail } from "../errors/server-errors.ts";
import { failWatch } from "../errors/watch-errors.ts";
import type { WatchAreaOptions } from "./watch-events.ts";
import type { WatchPipelines } from "./watch-pipelines.ts";
import { runWatchPipeline, shareOf } from "./watch-runs.ts";

/** Scenes under way at once: one waits for its server while another is computed. */
const SCENES_AT_ONCE = 3;

/** A scene of the catalogue, and a digest of what the catalogue says of it. */
export interface FoundScene {
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

/** Reads new scenes, each once, and keeps what was observed, or why it could not be. */
export class SceneObserver {
  readonly #options: WatchAreaOptions;
  readonly #pipelines: WatchPipelines;

  constructor(options: WatchAreaOptions, pipelines: WatchPipelines) {
    this.#options = options;
    this.#pipelines = pipelines;
  }

  /** Scenes of which nothing is kept yet, those left out whose failure is too recent. */
  async fresh(rasters: readonly Raster[]): Promise<readonly FoundScene[]> {
    const due: FoundScene[] = [];
    for (const scene of rasters.map(found)) if (await this.#isDue(scene)) due.push(scene);
    return due;
  }

  async #isDue({ raster: { id }, version }: FoundScene): Promise<boolean> {
    const { files, clock } = this.#options;
    return !(await files.isDone(id)) && !(await files.problems.isWaiting(id, version, clock.epochMs()));
  }

  /** Gives what went wrong last. The first scene that can be read decides the pixels; then several are read at once. */
  async observe(scenes: readonly FoundScene[]): Promise<StargateError | undefined> {
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
    const { gate, files, host, signal, clock, definition, onEvent } = this.#options;
    const place = host.openScratch({ runId: host.randomId(), tenant: definition.tenant, signal });
    try {
      const pipeline = this.#pipelines.observe(files.record().pixels);
      const answer = await runWatchPipeline(
        this.#options,
        pipeline,
        { scene: createPayload(gate.registry.modality("raster"), scene) },
        place.scratch,
      );
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

  async unreadable(scenes: number, latest: StargateError | undefined): Promise<Error> {
    const [known] = await this.#options.files.problems.list();
    const { message, hint } = latest ?? known ?? { message: "the catalogue has none", hint: undefined };
    return failWatch("SG_WATCH_UNREADABLE", `None of ${scenes} scenes could be read: ${message}`, { hint });
  }

  /** Gives the share of the area that could be judged. */
}
