// The versions of every tool, each read from the file that pins it; only what no file can pin is said here.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./places.mjs";

const pinned = (file, pattern, what) => {
  const found = pattern.exec(readFileSync(join(root, file), "utf8"));
  if (!found) throw new Error(`${file} pins no ${what}: expected a line that matches ${pattern}.`);
  return found[1];
};

export const pnpmVersion = "12";
export const wasmPackVersion = "0.15.1";
/** The command-line tool and the crate must be of one version, to the digit. */
export const wasmBindgenVersion = () => pinned("kernels-rs/Cargo.toml", /^wasm-bindgen = "=([\d.]+)"/m, "wasm-bindgen");
export const rustVersion = () => pinned("rust-toolchain.toml", /^channel = "([\d.]+)"/m, "Rust channel");

/** Does a version such as "1.96.0 (abc 2026)" reach at least the wanted one, by numbers? */
export function reaches(version, wanted) {
  const numbers = (text) => (/\d+(\.\d+)*/.exec(text)?.[0] ?? "0").split(".").map(Number);
  const have = numbers(version);
  for (const [place, want] of numbers(wanted).entries()) {
    if ((have[place] ?? 0) !== want) return (have[place] ?? 0) > want;
  }
  return true;
}
