/** One entry of a catalogue, as far as the page shows it. */
export interface DocumentedError {
  readonly title: string;
  readonly meaning: string;
  readonly solution: string;
  readonly status: number;
  readonly retryable: boolean;
  readonly public: boolean;
}

/** The error codes of one package. */
export interface PackageErrors {
  readonly packageName: string;
  readonly entries: Readonly<Record<string, DocumentedError>>;
}

const INTRODUCTION = `# Error codes

Generated from the error catalogues of the packages by \`npm run errors\`. Codes are never reused.
A gateway answers with \`application/problem+json\` that carries \`code\` and \`hint\`; an embedded
gate throws a \`StargateError\` with the same fields. "Kept inside" means that the message does not
leave the server.
`;

/** Renders \`docs/errors.md\`. */
export function renderErrorsPage(packages: readonly PackageErrors[]): string {
  const sections = packages.map(({ packageName, entries }) => {
    const errors = Object.entries(entries).map(([code, entry]) => renderError(code, entry));
    return `## ${packageName}\n\n${errors.join("\n")}`;
  });
  return [INTRODUCTION, ...sections].join("\n");
}

function renderError(code: string, entry: DocumentedError): string {
  const facts = [
    ...(entry.status < 400
      ? ["an issue of an answer, not an error"]
      : [
          `HTTP ${entry.status}`,
          entry.retryable ? "trying again may succeed" : "trying again unchanged does not help",
        ]),
    ...(entry.public ? [] : ["kept inside"]),
  ];
  return `### ${code}\n\n${entry.title} (${facts.join(", ")}). ${entry.meaning}\n\n**How to solve:** ${entry.solution}\n`;
}

/**
 * Every difference between page and catalogues, both ways: codes the page lacks, codes it invents,
 * and texts that drifted.
 */
export function compareErrorsPage(page: string, packages: readonly PackageErrors[]): string[] {
  const documented = new Map(sectionsOf(page));
  const expected = new Map(sectionsOf(renderErrorsPage(packages)));
  const lacking = [...expected.keys()]
    .filter((code) => !documented.has(code))
    .map((code) => `${code} is not documented`);
  const invented = [...documented.keys()]
    .filter((code) => !expected.has(code))
    .map((code) => `${code} is in no catalogue`);
  const drifted = [...expected].filter(([code, text]) => documented.has(code) && documented.get(code) !== text);
  return [...lacking, ...invented, ...drifted.map(([code]) => `${code} reads differently in its catalogue`)];
}

function sectionsOf(page: string): [code: string, text: string][] {
  const sections = page.split(/^### /m).slice(1);
  return sections.map((section) => {
    const [code = "", ...lines] = section.split("\n");
    const end = lines.findIndex((line) => line.startsWith("## "));
    return [code.trim(), (end < 0 ? lines : lines.slice(0, end)).join("\n").trim()];
  });
}
