// `npm run errors`: writes docs/errors.md from the error catalogues.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../setup/paths.mjs";
import { renderErrorsPage } from "./errors-page.ts";
import { findErrorCatalogs } from "./find-catalogs.ts";

const catalogs = await findErrorCatalogs();
writeFileSync(join(ROOT, "docs", "errors.md"), renderErrorsPage(catalogs));
const count = catalogs.reduce((sum, { entries }) => sum + Object.keys(entries).length, 0);
process.stdout.write(`docs/errors.md: ${count} codes of ${catalogs.length} packages\n`);
