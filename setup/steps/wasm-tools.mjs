// Step: wasm-pack and wasm-bindgen, compiled once into the cache, quickly rather than for speed.
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { wasmBindgenVersion, wasmPackVersion } from "../pinned-versions.mjs";
import { cache } from "../places.mjs";
import { ask, runLogged } from "../runner/child-process.mjs";
import { rustEnv } from "./rust-toolchain.mjs";

const tools = join(cache, "tools");
const exe = process.platform === "win32" ? ".exe" : "";
const program = (name) => join(tools, "bin", `${name}${exe}`);
const isThere = (name, version) =>
  existsSync(program(name)) && ask(program(name), ["--version"])?.endsWith(` ${version}`);

/** Optimizing the tools would take four minutes each; they run for a second. */
const quickly = {
  CARGO_PROFILE_RELEASE_OPT_LEVEL: "0",
  CARGO_PROFILE_RELEASE_LTO: "off",
  CARGO_PROFILE_RELEASE_CODEGEN_UNITS: "16",
  CARGO_PROFILE_RELEASE_DEBUG: "0",
  CARGO_PROFILE_RELEASE_STRIP: "none",
};

export const wasmTools = {
  name: "wasm-tools",
  title: "wasm-pack and wasm-bindgen",
  needs: ["rust-toolchain"],
  hint: "look whether crates.io can be reached",
  done: () =>
    isThere("wasm-pack", wasmPackVersion) && isThere("wasm-bindgen", wasmBindgenVersion())
      ? { wasmBindgen: wasmBindgenVersion() }
      : undefined,
  async run({ log, hear, results }) {
    const toolchain = results["rust-toolchain"];
    // One target folder for both: they share most of their crates. A run that was cut off goes on in it.
    const target = join(cache, "tools-target");
    const env = { ...rustEnv(toolchain), ...quickly, CARGO_TARGET_DIR: target };
    const install = (...args) =>
      runLogged(env.CARGO, ["install", "--root", tools, "--force", ...args], { cwd: cache, env, log, onLine: hear });
    if (!isThere("wasm-pack", wasmPackVersion)) {
      await install("wasm-pack", "--locked", "--version", wasmPackVersion);
    }
    if (!isThere("wasm-bindgen", wasmBindgenVersion())) {
      // Without --locked: its lockfile names a crate that some mirrors lack.
      await install("wasm-bindgen-cli", "--bin", "wasm-bindgen", "--version", wasmBindgenVersion());
    }
    rmSync(target, { recursive: true, force: true });
    return { wasmBindgen: wasmBindgenVersion() };
  },
};
