import { createErrorFactory, type ErrorCatalog } from "@stargate/kernel";

/** Errors of areas that are watched, and of map tiles. */
export const watchErrors = {
  SG_WATCH_UNKNOWN: {
    title: "No such watch",
    meaning: "No area of this name is watched here, or not for this key.",
    solution: "GET /v1/watches lists them; `watches` of the configuration adds one.",
    status: 404,
    retryable: false,
    public: true,
  },
  SG_WATCH_ALERT_UNKNOWN: {
    title: "No such alert",
    meaning: "The watch has no alert of this id.",
    solution: "GET /v1/watches/{name}/alerts lists them.",
    status: 404,
    retryable: false,
    public: true,
  },
  SG_WATCH_SCENE_UNKNOWN: {
    title: "No such scene",
    meaning: "The watch has not observed a scene of this id.",
    solution: "GET /v1/watches/{name} lists the scenes.",
    status: 404,
    retryable: false,
    public: true,
  },
  SG_WATCH_FOLDER: {
    title: "Folder of another watch",
    meaning:
      "The folder holds what was observed of another area, for another task, or in another way: together they would mean nothing.",
    solution:
      "Give the watch a folder of its own (`--out` of the command line), or put back the settings that the message names.",
    status: 409,
    retryable: false,
    public: true,
  },
  SG_WATCH_UNREADABLE: {
    title: "Not one scene could be read",
    meaning: "The catalogue has scenes of the area, and all of them failed so far; the message has one reason.",
    solution: "Mend what the message says. Scenes are tried again after an hour, then after growing pauses.",
    status: 502,
    retryable: true,
    public: true,
  },
  SG_TILE_INVALID: {
    title: "Tile not possible",
    meaning:
      "The address of a tile has a mistake in it: a zoom level, a place outside of it, a colour ramp nobody knows.",
    solution: "Correct what the message names: /v1/tiles/{z}/{x}/{y}.png?watch=NAME or ?url=GEOTIFF.",
    status: 400,
    retryable: false,
    public: true,
  },
} as const satisfies ErrorCatalog;

export const failWatch = createErrorFactory(watchErrors);
