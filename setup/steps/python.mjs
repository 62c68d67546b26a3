// Step: a Python that can import NumPy and PyTorch, for the tests that compare with them.
import { ask } from "../runner/child-process.mjs";
import { fromDebian } from "./from-debian.mjs";

const packages = ["python3", "python3-numpy", "python3-torch"];
// Looking for the modules is enough; importing PyTorch would take seconds.
const question =
  "import sys, importlib.util as u; print(sys.executable if u.find_spec('numpy') and u.find_spec('torch') else '')";

function look() {
  const candidates = [process.env.LANEWISE_PYTHON, "/usr/bin/python3", "python3", "python"].filter(Boolean);
  for (const candidate of candidates) {
    const path = ask(candidate, ["-c", question]);
    if (path) return { env: { LANEWISE_PYTHON: path }, missing: [] };
  }
  return { env: {}, missing: [{ what: "agreement with NumPy and PyTorch", packages }] };
}

export const python = fromDebian({
  name: "python",
  title: "Python with NumPy and PyTorch",
  hint: "install python3-numpy and python3-torch by hand, or name an interpreter that has both by LANEWISE_PYTHON",
  look,
});
