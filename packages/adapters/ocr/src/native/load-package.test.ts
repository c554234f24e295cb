import { expect, test } from "vitest";
import { lazyPackage } from "./load-package.ts";

test("a package is loaded once, on first use", async () => {
  let loads = 0;
  const load = lazyPackage("thing", () => Promise.resolve((loads += 1)));
  expect(loads).toBe(0);
  expect([await load(), await load()]).toEqual([1, 1]);
});

test("a package that is missing is named, and found once it has been installed", async () => {
  let installed = false;
  const load = lazyPackage("thing", () =>
    installed ? Promise.resolve("thing") : Promise.reject(new Error("Cannot find package")),
  );
  await expect(load()).rejects.toMatchObject({ code: "SG_OCR_PACKAGE_MISSING", hint: "Run npm install thing." });
  installed = true;
  expect(await load()).toBe("thing");
});
