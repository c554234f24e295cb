// Kept results alone, for programs that run no models.

export { openResultCache, type OpenResultCache, type ResultCacheOptions } from "./results/result-cache.ts";
export { packValue, unpackValue } from "./results/packed-value.ts";
