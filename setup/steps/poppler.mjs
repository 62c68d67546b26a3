// Step: poppler, which reads our PDF files back for the tests: found, or installed from Debian, or said to be missing.
import { install, mayInstall } from "../runner/apt.mjs";
import { ask } from "../runner/child-process.mjs";

const packages = ["poppler-utils"];

function look() {
  const found = ask("sh", ["-c", "command -v pdftotext"]);
  return { env: {}, missing: found ? [] : [{ what: "the text and margins of PDF files", packages }] };
}

export const poppler = {
  name: "poppler",
  title: "Poppler",
  hint: "install poppler-utils by hand",
  done: () => {
    const found = look();
    return found.missing.length && mayInstall() ? undefined : found;
  },
  async run({ log, hear }) {
    await install(packages, { log, hear });
    return look();
  },
};
