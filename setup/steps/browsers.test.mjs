// Browsers are found by name or on PATH, and what is missing is said in words that tell what to install.
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { look } from "./browsers.mjs";

let folder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "browsers-"));
  // A PATH with a shell and nothing else.
  symlinkSync("/bin/sh", join(folder, "sh"));
  vi.stubEnv("PATH", folder);
  vi.stubEnv("LANEWISE_CHROMIUM", "");
  vi.stubEnv("LANEWISE_FIREFOX", "");
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

function program(name) {
  const path = join(folder, name);
  writeFileSync(path, "#!/bin/sh\n");
  chmodSync(path, 0o755);
  return path;
}

test.skipIf(process.platform !== "linux")("without any, both are missing, by their names and Debian's packages", () => {
  expect(look()).toEqual({
    env: {},
    missing: [
      { what: "pages in Chromium", packages: ["chromium"] },
      { what: "pages in Firefox", packages: ["firefox-esr"] },
    ],
  });
});

test("what is on PATH is found, under any of its names", () => {
  const [chrome, firefox] = [program("google-chrome"), program("firefox")];
  expect(look()).toEqual({ env: { LANEWISE_CHROMIUM: chrome, LANEWISE_FIREFOX: firefox }, missing: [] });
});

test("one that is named is taken before others; one that is named and not there is missing, and the words say so", () => {
  program("chromium");
  program("firefox-esr");
  vi.stubEnv("LANEWISE_CHROMIUM", program("my-own"));
  vi.stubEnv("LANEWISE_FIREFOX", join(folder, "gone"));
  expect(look()).toEqual({
    env: { LANEWISE_CHROMIUM: join(folder, "my-own") },
    missing: [
      {
        what: `pages in Firefox (LANEWISE_FIREFOX names ${join(folder, "gone")}, where there is nothing)`,
        packages: ["firefox-esr"],
      },
    ],
  });
});
