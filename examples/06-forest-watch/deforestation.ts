/** Where a forest has been cleared, out of an area and a time: the pipeline of this example, asked of any catalogue. */
export function deforestation(stac: string) {
  return {
    name: "deforestation",
    description: "Where a forest has been cleared, out of an area and a time",
    inputs: { area: "features", period: "json" },
    steps: [
      { id: "found", use: "satellite.search-period", from: { area: "area", period: "period" }, with: { url: stac } },
      { id: "scenes", use: "satellite.scenes" },
      {
        id: "observed",
        map: "scenes",
        using: { place: "area" },
        soft: true, // a scene that cannot be read is left out, and itemised
        concurrency: 2,
        steps: [{ id: "observe", use: "satellite.observe", from: { scene: "item", area: "place" } }],
      },
      { id: "alerts", use: "satellite.detect-change", from: { scenes: "observed", area: "area" } },
    ],
  };
}
