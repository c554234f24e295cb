import { digestJson, isStargateError, type Json } from "@stargate/kernel";
import { loadSatellite, type Features, type Raster, type RasterSeries } from "../composition-root.ts";
import { createWakeUp } from "../connectors/wake-up.ts";
import { fail } from "../errors/server-errors.ts";
import { countAlerts } from "./count-alerts.ts";
import { SceneObserver } from "./observe-scenes.ts";
import type { WatchAreaOptions } from "./watch-events.ts";
import { noAlerts } from "./watch-files.ts";
import { watchPipelines, type WatchPipelines } from "./watch-pipelines.ts";
import { runWatchPipeline, shareOf } from "./watch-runs.ts";

/**
 * Asks the catalogue for scenes of the area, reads each new one once, and looks for changes whenever there is something
 * new. All that was done lies in the files: after a crash it goes on where it was, without losing or repeating a scene.
 */
export class AreaWatch {
  readonly #options: WatchAreaOptions;
  readonly #pipelines: WatchPipelines;
  readonly #observer: SceneObserver;

  constructor(options: WatchAreaOptions) {
    this.#options = options;
    this.#pipelines = watchPipelines(options.definition, options.chips);
    this.#observer = new SceneObserver(options, this.#pipelines);
  }

  /**
   * One round. Throws what searching and detecting threw, and SG_WATCH_UNREADABLE while not one scene could be read; single
   * scenes that fail are told, and tried again in a later round.
   */
  async round(): Promise<void> {
    const { files, onEvent } = this.#options;
    const rasters = await this.#scenes();
    const fresh = await this.#observer.fresh(rasters);
    onEvent?.({ type: "searched", scenes: rasters.length, fresh: fresh.length });
    const problem = await this.#observer.observe(fresh);
    const observed = await files.observed();
    if (observed.length === 0) throw await this.#observer.unreadable(rasters.length, problem);
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
    if (search !== undefined)
      return ((await runWatchPipeline(this.#options, search, {})).value as RasterSeries).rasters; // the pipeline's output
    const { openSceneFolder } = await loadSatellite();
    const { series } = await openSceneFolder(definition.scenes ?? "");
    return series.rasters.filter(({ acquiredAt = "" }) => acquiredAt >= definition.from);
  }

  async #detect(): Promise<number> {
    const { files, onEvent } = this.#options;
    const { openSceneFolder } = await loadSatellite();
    const { rasters } = (await openSceneFolder(files.scenesFolder)).series;
    const known = (await files.beginAlerts()) ?? noAlerts;
    const answer = await runWatchPipeline(this.#options, this.#pipelines.detect, {
      scenes: iterate(rasters),
      known: geojson(known),
    });
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
}

function geojson(text: string): Blob {
  return new Blob([text], { type: "application/geo+json" });
}

async function* iterate<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
