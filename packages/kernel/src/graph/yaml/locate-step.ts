type Path = readonly (string | number)[];

/** Where in the data of a spelled pipeline (or graph) the step with a path such as "read/ocr" stands. */
export function locateStep(value: unknown, stepPath: string): Path | undefined {
  let places: readonly Path[] = [[]];
  for (const id of stepPath.split("/")) {
    places = places.flatMap((place) =>
      stepsUnder(at(value, place), place).filter((step) => at(value, [...step, "id"]) === id),
    );
  }
  return places[0];
}

/** Steps of the body at a place, or of the bodies of the step there, whatever it is. */
function stepsUnder(node: unknown, place: Path): readonly Path[] {
  if (typeof node !== "object" || node === null) return [];
  const members = node as Readonly<Record<string, unknown>>;
  const own = Array.isArray(members["steps"]) ? members["steps"].map((_, index) => [...place, "steps", index]) : [];
  const cases = Array.isArray(members["cases"])
    ? members["cases"].flatMap((branch, index) => stepsUnder(branch, [...place, "cases", index]))
    : [];
  return [
    ...own,
    ...cases,
    ...["body", "otherwise", "pipeline"].flatMap((key) => stepsUnder(members[key], [...place, key])),
  ];
}

function at(value: unknown, path: Path): unknown {
  return path.reduce(
    (node: unknown, key) =>
      typeof node === "object" && node !== null ? (node as Readonly<Record<string | number, unknown>>)[key] : undefined,
    value,
  );
}
