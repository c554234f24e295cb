import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { compareErrorsPage, type DocumentedError, renderErrorsPage } from "../../scripts/errors/errors-page.ts";
import { findErrorCatalogs } from "../../scripts/errors/find-catalogs.ts";
import { ROOT } from "../../scripts/setup/paths.mjs";

const empty: DocumentedError = {
  title: "Empty input",
  meaning: "The input has zero bytes.",
  solution: "Send a file with content.",
  status: 400,
  retryable: false,
  public: true,
};
const catalogs = [{ packageName: "@stargate/kernel", entries: { SG_INPUT_EMPTY: empty } }];

describe("a comparison of page and catalogue", () => {
  test("finds nothing where they agree", () => {
    expect(compareErrorsPage(renderErrorsPage(catalogs), catalogs)).toEqual([]);
  });

  test("names a code that the page lacks", () => {
    const entries = { SG_INPUT_EMPTY: empty, SG_INPUT_NEW: empty };
    const grown = [{ packageName: "@stargate/kernel", entries }];
    expect(compareErrorsPage(renderErrorsPage(catalogs), grown)).toEqual(["SG_INPUT_NEW is not documented"]);
  });

  test("names a code that no catalogue holds", () => {
    expect(compareErrorsPage(renderErrorsPage(catalogs), [])).toEqual(["SG_INPUT_EMPTY is in no catalogue"]);
  });

  test("names a code whose text drifted", () => {
    const entries = { SG_INPUT_EMPTY: { ...empty, solution: "Send more." } };
    const changed = [{ packageName: "@stargate/kernel", entries }];
    expect(compareErrorsPage(renderErrorsPage(catalogs), changed)).toEqual([
      "SG_INPUT_EMPTY reads differently in its catalogue",
    ]);
  });
});

describe("the error catalogues", () => {
  test("are documented, both ways (npm run errors writes the page)", async () => {
    const found = await findErrorCatalogs();
    expect(found.map(({ packageName }) => packageName)).toContain("@stargate/kernel");
    const page = readFileSync(join(ROOT, "docs", "errors.md"), "utf8");
    expect(compareErrorsPage(page, found)).toEqual([]);
    expect(page).toBe(renderErrorsPage(found));
  });

  test("hold each code once over all packages", async () => {
    const codes = (await findErrorCatalogs()).flatMap(({ entries }) => Object.keys(entries));
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
  });

  test("explain every code and say what to do in the imperative", async () => {
    for (const { entries } of await findErrorCatalogs()) {
      for (const [code, { title, meaning, solution, status }] of Object.entries(entries)) {
        expect(code).toMatch(/^SG_[A-Z0-9]+(_[A-Z0-9]+)+$/);
        expect(title, code).not.toMatch(/\.$/);
        expect(meaning, code).toMatch(/\.$/);
        expect(solution, code).toMatch(/^[A-Z].*\.$/);
        // 200 marks a code that appears as an issue of an answer only.
        expect(status === 200 || (status >= 400 && status < 600), code).toBe(true);
      }
    }
  });
});
