import { createErrorFactory, kernelErrors, type ErrorCatalog } from "@stargate/kernel/backend";

/** Every error this adapter adds to those of the kernel. Codes are never reused. */
export const satelliteErrors = {
  SG_SATELLITE_AREA: {
    title: "Area of interest not usable",
    meaning:
      "The area is no polygon, crosses itself or the antimeridian, is empty, or lies outside what the scenes show.",
    solution: "Send a GeoJSON polygon in degrees (longitude first) that the message has nothing against.",
    status: 422,
    retryable: false,
    public: true,
  },
  SG_SATELLITE_GRID: {
    title: "Place of a raster not known",
    meaning: "The file does not say where it lies, or in a reference system that is not supported here.",
    solution:
      "Give the file a reference system (gdal_edit.py -a_srs EPSG:32633) or reproject it to one the message names.",
    status: 422,
    retryable: false,
    public: true,
  },
  SG_SATELLITE_BAND: {
    title: "Band missing",
    meaning: "A scene does not have a band that the index, the mask or the task needs.",
    solution: "Ask for a product that has it, or for another index.",
    status: 422,
    retryable: false,
    public: true,
  },
  SG_SATELLITE_RADIOMETRY: {
    title: "Radiometry not certain",
    meaning:
      "Metadata and pixels do not agree on how numbers become reflectance (an offset missing or applied twice), and nothing decides between them.",
    solution:
      "State it with the option `radiometry`, after looking at the scene; the message says what each reading gives.",
    status: 422,
    retryable: false,
    public: true,
  },
  SG_SATELLITE_MASK: {
    title: "No cloud mask",
    meaning:
      "A series is to be watched without knowing which pixels are clouds: detection would silently fall to zero.",
    solution:
      'Use a product with a mask (SCL, QA_PIXEL), name a mask, or say `mask: "none"` when the data has no clouds.',
    status: 422,
    retryable: false,
    public: true,
  },
  SG_SATELLITE_SERIES: {
    title: "Series not usable",
    meaning: "The scenes do not make a series: too few clear dates, different products or reference systems, no dates.",
    solution: "Ask for a longer time, or take the scenes apart that the message names.",
    status: 422,
    retryable: false,
    public: true,
  },
  SG_SATELLITE_EXPRESSION: {
    title: "Band expression not understood",
    meaning: "An expression over bands has a mistake in it.",
    solution:
      "Mend it at the position the message names: + - * / ^, parentheses, numbers, band names, min, max, abs, sqrt, log.",
    status: 400,
    retryable: false,
    public: true,
  },
  SG_SATELLITE_CATALOGUE: {
    title: "Catalogue not usable",
    meaning: "The STAC server cannot be reached, answers with something that is no STAC, or pages without an end.",
    solution: "Look at the address in a browser; the message says what came back.",
    status: 502,
    retryable: true,
    public: true,
  },
  SG_SATELLITE_ASSET: {
    title: "Scene cannot be read",
    meaning: "A file of a scene is behind a login (401, 403), gone (404), or its server fails.",
    solution: "Use a catalogue that signs its addresses, or give the secret that the message names.",
    status: 502,
    retryable: false,
    public: true,
  },
  SG_SATELLITE_ENCODING: {
    title: "Encoding of a raster not read here",
    meaning: "The file is sound, but its compression, its kind of numbers or its layout is not read by this adapter.",
    solution: "Rewrite it: gdal_translate -of COG -co COMPRESS=DEFLATE in.tif out.tif.",
    status: 422,
    retryable: false,
    public: true,
  },
  SG_SATELLITE_SEGMENT: {
    title: "Answer of a segmentation model not understood",
    meaning: "The model gives something else than was declared for it: another output, other classes, another size.",
    solution: "Mend the option `segment` of the adapter; the message says what came and what was wanted.",
    status: 500,
    retryable: false,
    public: true,
  },
} as const satisfies ErrorCatalog;

export type SatelliteErrorCode = keyof typeof satelliteErrors;

/** Makes an error of this adapter's catalogue or of the kernel's (SG_INPUT_CORRUPT and the like). */
export const fail = createErrorFactory({ ...kernelErrors, ...satelliteErrors });
