// How cargo compiles the kernels: two binaries of one crate over one standard library, both for shared memory.
import { join } from "node:path";
import { root } from "../places.mjs";
import { rustEnv } from "./rust-toolchain.mjs";

export const wasmTarget = "wasm32-unknown-unknown";
export const binaries = ["strict", "fast"];

const features = ["simd128", "atomics", "bulk-memory", "mutable-globals"];
const linkArguments = [
  "--shared-memory",
  "--import-memory",
  "--max-memory=4294967296",
  ...["__wasm_init_tls", "__tls_size", "__tls_align", "__tls_base"].map((name) => `--export=${name}`),
];
const rustflags = [
  `-Ctarget-feature=${features.map((name) => `+${name}`).join(",")}`,
  ...linkArguments.map((argument) => `-Clink-arg=${argument}`),
  // A panic's text has nowhere to go in wasm: without it the binary is an eighth smaller (compressed), and a panic traps.
  "-Zunstable-options",
  "-Cpanic=immediate-abort",
  // LLVM's loop strength reduction forgets that addresses do not wrap, so that each load needs an addition of its own, and
  // orders the micro-kernel's loads until V8 spills.
  "-Cllvm-args=-disable-lsr",
];

/**
 * Shared memory needs a standard library built with atomics, hence from source, hence unstable switches.
 * Without its features (backtraces, unwinding) fewer crates are compiled.
 */
export const buildStd = ["-Zbuild-std=std,panic_abort", "-Zbuild-std-features="];

/** Cargo's arguments for one binary. Relaxed SIMD is switched on for our crate alone: the library is compiled once. */
export const cargoArguments = {
  strict: buildStd,
  fast: [
    ...buildStd,
    "-Zprofile-rustflags",
    "--config",
    'profile.release.package.lanewise_kernels.rustflags=["-Ctarget-feature=+relaxed-simd"]',
  ],
};

/** The environment of cargo for wasm; build scripts, which run here, do not see the switches. */
export const wasmEnv = (toolchain, binary) => ({
  ...rustEnv(toolchain),
  RUSTC_BOOTSTRAP: "1",
  CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS: rustflags.join(" "),
  CARGO_TARGET_DIR: join(root, "target", binary),
  // What is between sources and binaries is shared; the binaries, of one name, are not.
  CARGO_BUILD_BUILD_DIR: join(root, "target", "wasm"),
});

export const wasmSettings = { rustflags, cargoArguments };
