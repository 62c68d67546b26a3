// Step: poppler, which reads our PDF files back for the tests: found, or installed from Debian, or said to be missing.
import { ask } from "../runner/child-process.mjs";
import { fromDebian } from "./from-debian.mjs";

const packages = ["poppler-utils"];

function look() {
  const found = ask("sh", ["-c", "command -v pdftotext"]);
  return { env: {}, missing: found ? [] : [{ what: "the text and margins of PDF files", packages }] };
}

export const poppler = fromDebian({
  name: "poppler",
  title: "Poppler",
  hint: "install poppler-utils by hand",
  look,
});
