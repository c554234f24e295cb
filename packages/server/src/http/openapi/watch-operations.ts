import type { JsonObject } from "@stargate/kernel";
import { jsonResponse, problemResponses, queryParameter } from "./parts.ts";

const tags = ["Watches"];
const text: JsonObject = { type: "string" };
const count: JsonObject = { type: "integer", minimum: 0 };

const pathParameter = (name: string, description: string, schema: JsonObject = text): JsonObject => ({
  name,
  in: "path",
  required: true,
  description,
  schema,
});
const name = pathParameter("name", "Name of the watch.");
const alertId = pathParameter("id", "Id of the alert, or of one that has grown into it.");

const status: JsonObject = {
  type: "object",
  required: ["name", "task", "searchedAt", "problem", "scenes", "alerts", "hectares"],
  properties: {
    name: text,
    task: text,
    searchedAt: { type: ["string", "null"], format: "date-time", description: "When the catalogue was last asked." },
    problem: {
      type: ["object", "null"],
      description: "Why the last round failed.",
      properties: { code: text, message: text, at: text },
    },
    scenes: { ...count, description: "Scenes the catalogue had." },
    alerts: count,
    hectares: { type: "number", minimum: 0 },
    judgedShare: {
      type: ["number", "null"],
      description: "Share of the area of which enough was seen to say something.",
    },
  },
};

const verdict: JsonObject = {
  type: "object",
  required: ["by", "verdict"],
  properties: { by: text, verdict: { enum: ["confirmed", "rejected", "unclear"] }, note: text },
};
const verified = jsonResponse("What is kept from now on.", {
  type: "object",
  properties: { verified: { anyOf: [verdict, { type: "null" }] } },
});

const picture: JsonObject = {
  description: "The picture.",
  content: { "image/png": { schema: { type: "string", format: "binary" } } },
};

/** Operations on areas of the earth that are watched, and tiles of a map. */
export const watchPaths: JsonObject = {
  "/v1/watches": {
    get: {
      operationId: "listWatches",
      tags,
      summary: "The watched areas and how they are",
      responses: {
        "200": jsonResponse("State of each watch.", {
          type: "object",
          required: ["watches"],
          properties: { watches: { type: "array", items: status } },
        }),
        ...problemResponses,
      },
    },
  },
  "/v1/watches/{name}": {
    get: {
      operationId: "showWatch",
      tags,
      summary: "A watch: its area, what was observed, and what could not be",
      parameters: [name],
      responses: {
        "200": jsonResponse("As in the list, with `area`, `bounds`, `index`, `scenes`, `problems`.", status),
        ...problemResponses,
      },
    },
  },
  "/v1/watches/{name}/alerts": {
    get: {
      operationId: "listAlerts",
      tags,
      summary: "Alerts of a watch: dated, measured, explained",
      parameters: [name],
      responses: {
        "200": {
          description: "All alerts; `Accept` picks the encoding.",
          content: {
            "application/geo+json": { schema: { type: "object", description: "RFC 7946; see docs/satellite.md." } },
            "text/csv": { schema: text },
            "application/vnd.google-earth.kml+xml": { schema: text },
            "application/vnd.apache.parquet": { schema: { type: "string", format: "binary" } },
          },
        },
        ...problemResponses,
      },
    },
  },
  "/v1/watches/{name}/alerts/{id}/verification": {
    put: {
      operationId: "verifyAlert",
      tags,
      summary: "What somebody found at the place; later rounds keep it",
      parameters: [name, alertId],
      requestBody: { required: true, content: { "application/json": { schema: verdict } } },
      responses: { "200": verified, ...problemResponses },
    },
    delete: {
      operationId: "forgetVerification",
      tags,
      summary: "Takes a verdict back",
      parameters: [name, alertId],
      responses: { "200": verified, ...problemResponses },
    },
  },
  "/v1/watches/{name}/alerts/{id}/chip.png": {
    get: {
      operationId: "showAlertChip",
      tags,
      summary: "The place of an alert, before and after",
      parameters: [name, alertId],
      responses: { "200": picture, ...problemResponses },
    },
  },
  "/v1/watches/{name}/hectares": {
    get: {
      operationId: "listHectares",
      tags,
      summary: "New hectares by month and confidence",
      parameters: [name],
      responses: {
        "200": {
          description: "A table: month, confidence, hectares, alerts.",
          content: { "text/csv": { schema: text }, "application/json": { schema: { type: "object" } } },
        },
        ...problemResponses,
      },
    },
  },
  "/v1/tiles/{z}/{x}/{y}": {
    get: {
      operationId: "showTile",
      tags,
      summary: "A tile of a map: what a watch observed, or any GeoTIFF",
      description: "As TiTiler has them, for Leaflet, MapLibre and QGIS. One of `watch` and `url` is needed.",
      parameters: [
        pathParameter("z", "Zoom level of the Web Mercator pyramid.", count),
        pathParameter("x", "Column.", count),
        pathParameter("y", "Row, and the ending: `11679.png`, `11679@2x.png`.", {
          ...text,
          pattern: String.raw`^\d+(@[12]x)?\.png$`,
        }),
        queryParameter("watch", "Name of a watch.", false, text),
        queryParameter("scene", "One of its scenes. Default: the last.", false, text),
        queryParameter("url", "Or the address of a GeoTIFF; its host must stand in allow.hosts.", false, text),
        queryParameter("expression", "Of the GeoTIFF's bands: `(b2-b1)/(b2+b1)`. Default: `b1`.", false, text),
        queryParameter("rescale", "Values of the first and the last colour: `0,0.9`.", false, text),
        queryParameter("colormap_name", "Colour ramp: `sequential` or `diverging`.", false, text),
      ],
      responses: { "200": picture, ...problemResponses },
    },
  },
};
