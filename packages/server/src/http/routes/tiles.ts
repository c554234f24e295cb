import {
  loadSatellite,
  type ColorRamp,
  type Raster,
  type TileRenderer,
  type TileStyle,
} from "../../composition-root.ts";
import { failWatch } from "../../errors/watch-errors.ts";
import type { Gateway } from "../../gateway/gateway.ts";
import type { Exchange } from "../exchange.ts";
import { watchOf } from "./watches.ts";

const renderers = new WeakMap<Gateway, TileRenderer>();

/**
 * `GET /v1/tiles/{z}/{x}/{y}.png`: a tile of a map, as TiTiler has them. `?watch=NAME&scene=ID` shows what a watch observed (the
 * last scene without `scene`); `?url=GEOTIFF` any GeoTIFF the gateway may fetch, `expression=(b2-b1)/(b2+b1)` over its bands.
 * `rescale=from,to` and `colormap_name` choose the colours.
 */
export async function showTile(exchange: Exchange): Promise<Response> {
  const { gridOfTile } = await loadSatellite();
  const { z, x, file } = addressOf(exchange);
  const [, y, scale] = /^(\d+)(?:@([12])x)?\.png$/.exec(file) ?? [];
  const grid = y === undefined ? undefined : gridOfTile({ z, x, y: Number(y) }, Number(scale ?? 1));
  if (grid === undefined) throw failWatch("SG_TILE_INVALID", `There is no tile ${z}/${x}/${file}`);
  const { raster, expression } = await rasterOf(exchange);
  const style = await styleOf(exchange, expression);
  const renderer = await rendererOf(exchange.gateway);
  const png = await renderer.render(raster, grid, style);
  return exchange.respond(200, png, "image/png", { "cache-control": "private, max-age=300" });
}

function addressOf({ context }: Exchange): { readonly z: number; readonly x: number; readonly file: string } {
  const { z = "", x = "", file = "" } = context.req.param() as Readonly<Record<string, string>>;
  return { z: /^\d+$/.test(z) ? Number(z) : Number.NaN, x: /^\d+$/.test(x) ? Number(x) : Number.NaN, file };
}

async function rasterOf(exchange: Exchange): Promise<{ readonly raster: Raster; readonly expression: string }> {
  const [watch, url] = [exchange.query("watch"), exchange.query("url")];
  if ((watch === undefined) === (url === undefined))
    throw failWatch("SG_TILE_INVALID", "A tile needs either `watch` or `url` in its query");
  if (url !== undefined) {
    if (!URL.canParse(url)) throw failWatch("SG_TILE_INVALID", `The query's \`url\` is "${url}", which is no address`);
    const expression = exchange.query("expression") ?? "b1";
    const samples = [...new Set(expression.match(/\bb\d{1,2}\b/gi) ?? ["b1"])].map((name) => name.toLowerCase());
    const source = { kind: "remote" as const, href: url };
    const bands = samples.map((name) => ({ name, holds: "other" as const, source, sample: Number(name.slice(1)) - 1 }));
    return { raster: { id: url, product: "other", bands }, expression: expression.toLowerCase() };
  }
  const scenes = await watchOf(exchange, watch).scenes();
  const wanted = exchange.query("scene");
  const scene = wanted === undefined ? scenes.at(-1) : scenes.find(({ id }) => id === wanted);
  if (scene === undefined)
    throw failWatch(
      "SG_WATCH_SCENE_UNKNOWN",
      wanted === undefined ? "Nothing was observed yet" : `There is no scene "${wanted}"`,
    );
  return { raster: scene, expression: scene.bands[0]?.name ?? "index" };
}

async function styleOf(exchange: Exchange, expression: string): Promise<TileStyle> {
  const { colorRamps } = await loadSatellite();
  const ramp = exchange.query("colormap_name") ?? "sequential";
  if (!Object.hasOwn(colorRamps, ramp))
    throw failWatch(
      "SG_TILE_INVALID",
      `The query's \`colormap_name\` is "${ramp}", not one of ${Object.keys(colorRamps).join(", ")}`,
    );
  const rescale = exchange.query("rescale") ?? "0,1";
  const [from = Number.NaN, to = Number.NaN, ...more] = rescale.split(",").map(Number);
  if (!(from < to) || more.length > 0)
    throw failWatch("SG_TILE_INVALID", `The query's \`rescale\` is "${rescale}", not two ascending numbers: 0,1`);
  return { expression, from, to, ramp: ramp as ColorRamp };
}

async function rendererOf(gateway: Gateway): Promise<TileRenderer> {
  const known = renderers.get(gateway);
  if (known !== undefined) return known;
  const { createTileRenderer } = await loadSatellite();
  const { host } = gateway;
  const made = createTileRenderer({
    fetch: (input, init) => host.fetch(input, init),
    offload: (task, input, options) => host.offload(task, input, options),
    signal: new AbortController().signal, // shared by all requests: what one of them opens the others read
  });
  renderers.set(gateway, made);
  return made;
}
