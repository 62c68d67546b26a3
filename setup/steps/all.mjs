// What set-up is made of, for those who train (`build`) and for those who test (with other programs to compare with).
import { browsers } from "./browsers.mjs";
import { javascriptPackages } from "./javascript-packages.mjs";
import { poppler } from "./poppler.mjs";
import { python } from "./python.mjs";
import { rustToolchain } from "./rust-toolchain.mjs";
import { wasmBinaries } from "./wasm-binaries.mjs";
import { wasmTools } from "./wasm-tools.mjs";

export const build = [javascriptPackages, rustToolchain, wasmTools, ...wasmBinaries];
export const forTests = [...build, browsers, python, poppler];
