export { features } from "./modalities/features/features.ts";
export type { Feature, Features, Geometry, Position } from "./modalities/features/features-schema.ts";
export { mapImage, type MapImage } from "./modalities/map-image/map-image.ts";
export { raster } from "./modalities/raster/raster.ts";
export type { Raster, RasterBand, RasterDtype, RasterValues } from "./modalities/raster/raster-schema.ts";
export { rasterSeries, type RasterSeries } from "./modalities/raster-series/raster-series.ts";
export { satellite, satellite as default } from "./satellite-adapter.ts";
export { satelliteErrors, type SatelliteErrorCode } from "./satellite-errors.ts";
export type { SatelliteOptionsInput } from "./satellite-options.ts";
