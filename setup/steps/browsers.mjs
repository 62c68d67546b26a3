// Step: Chromium and Firefox for the tests in pages: found, or installed from Debian, or said to be missing.
import { existsSync } from "node:fs";
import { ask } from "../runner/child-process.mjs";
import { fromDebian } from "./from-debian.mjs";

const known = {
  LANEWISE_CHROMIUM: {
    title: "Chromium",
    package: "chromium",
    programs: ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"],
    applications: ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"],
  },
  LANEWISE_FIREFOX: {
    title: "Firefox",
    package: "firefox-esr",
    programs: ["firefox-esr", "firefox"],
    applications: ["/Applications/Firefox.app/Contents/MacOS/firefox"],
  },
};

/** The path of a program on PATH, by the shell's own look-up. */
const onPath = (program) => ask("sh", ["-c", `command -v ${program}`]);

/** Where a browser is; one that is named must be where the name says, or another would be tested in silence. */
function find(variable) {
  const { programs, applications } = known[variable];
  const named = process.env[variable];
  if (named) return existsSync(named) ? named : undefined;
  return programs.map(onPath).find(Boolean) ?? applications.find((path) => existsSync(path));
}

/** { env: paths by variable, missing: [{ what, packages }] } */
export function look() {
  const found = Object.keys(known).map((variable) => [variable, find(variable)]);
  return {
    env: Object.fromEntries(found.filter(([, path]) => path)),
    missing: found.filter(([, path]) => !path).map(([variable]) => missing(variable)),
  };
}

function missing(variable) {
  const named = process.env[variable];
  const why = named ? ` (${variable} names ${named}, where there is nothing)` : "";
  return { what: `pages in ${known[variable].title}${why}`, packages: [known[variable].package] };
}

export const browsers = fromDebian({
  name: "browsers",
  title: "Chromium and Firefox",
  hint: "install chromium and firefox-esr by hand, or name them by LANEWISE_CHROMIUM and LANEWISE_FIREFOX",
  look,
});
