import { walkXml, type XmlElement } from "./parse-xml.ts";

type ValueType = "text" | "number" | "unit" | "language" | "id" | "references";

/** An element of ALTO 4.4: its children in order with how often they may come, its attributes by name. */
interface Rule {
  readonly children: readonly (readonly [name: string, times: "?" | "" | "*" | "+"])[];
  readonly required: Readonly<Record<string, ValueType>>;
  readonly optional: Readonly<Record<string, ValueType>>;
}

const rule = (
  children: Rule["children"] = [],
  optional: Rule["optional"] = {},
  required: Rule["required"] = {},
): Rule => ({ children, required, optional });
const place = { HPOS: "number", VPOS: "number", WIDTH: "number", HEIGHT: "number" } as const;
const leaf = rule();

/** Written from https://www.loc.gov/standards/alto/v4/alto-4-4.xsd: the part of it our encoder uses. */
const rules: Readonly<Record<string, Rule>> = {
  alto: rule(
    [
      ["Description", "?"],
      ["Tags", "?"],
      ["Layout", ""],
    ],
    { "xmlns:xsi": "text", "xsi:schemaLocation": "text", SCHEMAVERSION: "text" },
    { xmlns: "text" },
  ),
  Description: rule([
    ["MeasurementUnit", ""],
    ["sourceImageInformation", "?"],
    ["Processing", "*"],
  ]),
  MeasurementUnit: leaf,
  Processing: rule(
    [
      ["processingCategory", "?"],
      ["processingStepSettings", "?"],
      ["processingSoftware", "?"],
    ],
    {},
    { ID: "id" },
  ),
  processingCategory: leaf,
  processingStepSettings: leaf,
  processingSoftware: rule([
    ["softwareName", "?"],
    ["softwareVersion", "?"],
  ]),
  softwareName: leaf,
  softwareVersion: leaf,
  Tags: rule([["StructureTag", "*"]]),
  StructureTag: rule([], {}, { ID: "id", LABEL: "text" }),
  Layout: rule([["Page", "+"]]),
  Page: rule(
    [["PrintSpace", "?"]],
    { PROCESSINGREFS: "references", HEIGHT: "number", WIDTH: "number", LANG: "language" },
    { ID: "id", PHYSICAL_IMG_NR: "number" },
  ),
  PrintSpace: rule([["TextBlock", "*"]], place),
  TextBlock: rule([["TextLine", "*"]], { TAGREFS: "references", ...place }, { ID: "id" }),
  TextLine: rule([["String", "+"]], { ID: "id", BASELINE: "text", ...place }),
  String: rule([], { ID: "id", WC: "unit", ...place }, { CONTENT: "text" }),
  SP: rule([], place),
};

const valid: Readonly<Record<ValueType, (value: string) => boolean>> = {
  text: () => true,
  number: (value) => /^-?\d+(\.\d+)?$/.test(value),
  unit: (value) => Number(value) >= 0 && Number(value) <= 1,
  language: (value) => /^[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*$/.test(value),
  id: (value) => /^[A-Za-z_][\w.-]*$/.test(value),
  references: (value) => value !== "",
};

/** Everything about an ALTO document that the schema does not allow, one sentence each. */
export function altoProblems(root: XmlElement): readonly string[] {
  const problems: string[] = [];
  const ids: string[] = [];
  const references: string[] = [];
  for (const element of walkXml(root)) {
    const found = rules[element.name];
    if (found === undefined) {
      problems.push(`<${element.name}> is not an element of ALTO`);
      continue;
    }
    problems.push(...childProblems(element, found));
    const types = { ...found.optional, ...found.required };
    for (const [name, value] of Object.entries(element.attributes)) {
      const type = types[name];
      if (type === undefined) problems.push(`${element.name}/@${name} does not exist`);
      else if (!valid[type](value)) problems.push(`${element.name}/@${name} "${value}" is no ${type}`);
      if (type === "references") references.push(...value.split(" "));
      if (type === "id") ids.push(value);
    }
    problems.push(
      ...Object.keys(found.required)
        .filter((name) => !(name in element.attributes))
        .map((name) => `${element.name}/@${name} is missing`),
    );
  }
  if (new Set(ids).size !== ids.length) problems.push("an ID is there twice");
  return [...problems, ...references.filter((id) => !ids.includes(id)).map((id) => `reference to unknown ID "${id}"`)];
}

function childProblems(element: XmlElement, found: Rule): readonly string[] {
  const names = element.children.map((child) => `${child.name} `).join("");
  const pattern =
    element.name === "TextLine"
      ? "(String (SP )?)+"
      : found.children.map(([name, times]) => `(${name} )${times}`).join("");
  return new RegExp(`^${pattern}$`).test(names) ? [] : [`${element.name} holds ${names || "nothing"}`];
}
