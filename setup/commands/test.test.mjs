// A suite is found by its folder; what is missing is said aloud, and in CI refused.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findSuites, missingText, refusalInCi } from "./test.mjs";

test("a folder with a test is a suite; one with settings of its own keeps them; others are none", () => {
  const folder = mkdtempSync(join(tmpdir(), "suites-"));
  const put = (path) => {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), "");
  };
  for (const path of ["plain/deep/a.test.ts", "own/vitest.config.ts", "fixtures/make.py", "vitest.config.ts"])
    put(path);
  try {
    expect(findSuites(folder)).toEqual([
      { name: "own", args: ["--config", join(folder, "own/vitest.config.ts")] },
      { name: "plain", args: ["--config", join(folder, "vitest.config.ts"), "--dir", join(folder, "plain")] },
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

const firefox = { what: "pages in Firefox", packages: ["firefox-esr"] };
const chromium = { what: "pages in Chromium", packages: ["chromium"] };

test("each thing that is missing has its line, and one command gets them all", () => {
  expect(missingText([])).toEqual([]);
  const [rule, ...lines] = missingText([chromium, firefox], true);
  expect(lines).toEqual([
    "NOT TESTED: pages in Chromium.",
    "NOT TESTED: pages in Firefox.",
    "To test that too, type: sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends chromium firefox-esr'.",
    rule,
  ]);
  expect(rule).toMatch(/^!{100,120}$/);
  expect(missingText([firefox], false)).toContain(
    "To test that too, install it, or name it by LANEWISE_CHROMIUM, LANEWISE_FIREFOX or LANEWISE_PYTHON.",
  );
});

test("in CI a missing browser ends the run before it begins; elsewhere the rest is tested", () => {
  expect(refusalInCi([firefox], "true")).toMatch(
    /NOT TESTED: pages in Firefox\.[\s\S]*In CI everything is tested: install what is named above and run again\.$/,
  );
  expect(refusalInCi([], "true")).toBeUndefined();
  expect(refusalInCi([firefox], "")).toBeUndefined();
  expect(refusalInCi([firefox], "false")).toBeUndefined();
});
