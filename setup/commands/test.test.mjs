// A suite is found by its folder.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findSuites } from "./test.mjs";

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
