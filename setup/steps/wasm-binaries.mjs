// Steps: the two binaries of one crate, strict (SIMD128) and fast (relaxed SIMD), both for shared memory.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { root } from "../places.mjs";
import { runLogged } from "../runner/child-process.mjs";
import { filesBelow, hashOf, readStamp, replaceFolder, writeStamp } from "../runner/stamps.mjs";
import { rustEnv } from "./rust-toolchain.mjs";

const stem = "lanewise_kernels";
const folder = join(root, "packages", "kernels", "wasm");
const features = {
  strict: ["simd128", "atomics", "bulk-memory", "mutable-globals"],
  fast: ["simd128", "relaxed-simd", "atomics", "bulk-memory", "mutable-globals"],
};
const linkArguments = [
  "--shared-memory",
  "--import-memory",
  "--max-memory=4294967296",
  ...["__wasm_init_tls", "__tls_size", "__tls_align", "__tls_base"].map((name) => `--export=${name}`),
];

/**
 * Shared memory needs a standard library built with atomics, hence from source, hence the bootstrap switch.
 * Without its features (backtraces, unwinding) fewer crates are compiled.
 */
export const buildStd = ["-Zbuild-std=std,panic_abort", "-Zbuild-std-features="];

/** A panic's text has nowhere to go in wasm: without it the binary is an eighth smaller (compressed), and a panic traps. */
const panics = ["-Zunstable-options", "-Cpanic=immediate-abort"];

/** The compiler's switches for one binary, as an environment; the host's build scripts do not see them. */
export const wasmEnv = (toolchain, binary) => ({
  ...rustEnv(toolchain),
  RUSTC_BOOTSTRAP: "1",
  CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS: [
    `-Ctarget-feature=${features[binary].map((name) => `+${name}`).join(",")}`,
    ...linkArguments.map((argument) => `-Clink-arg=${argument}`),
    ...panics,
  ].join(" "),
  CARGO_TARGET_DIR: join(root, "target", binary),
});

/** The binary as a JavaScript module: gzip, then base64; it travels through every bundler and CDN. */
export const embedded = (wasm) =>
  `// The compiled kernels: base64 of the gzip of ${stem}_bg.wasm.\nexport default "${gzipSync(wasm, { level: 9 }).toString("base64")}";\n`;

const inputs = (binary, results) =>
  hashOf({
    base: root,
    files: ["kernels-rs", "Cargo.toml", "Cargo.lock"].flatMap((path) => filesBelow(join(root, path))),
    settings: [
      features[binary],
      linkArguments,
      panics,
      buildStd,
      results["rust-toolchain"].version,
      results["wasm-tools"],
    ],
  });

const wasmBinary = (binary) => ({
  name: `wasm-${binary}`,
  title: `Kernels, the ${binary} binary`,
  needs: ["rust-toolchain", "wasm-tools"],
  hint: "a compiler's error is in kernels-rs; a download's, in the way to crates.io",
  done: (results) => {
    const place = join(folder, binary);
    const known = readStamp(join(place, "stamp.json"), inputs(binary, results));
    return known && existsSync(join(place, "embedded.js")) ? known : undefined;
  },
  async run({ log, hear, results }) {
    const aside = join(folder, `.${binary}.${process.pid}.new`);
    const hash = inputs(binary, results);
    const env = wasmEnv(results["rust-toolchain"], binary);
    mkdirSync(folder, { recursive: true });
    try {
      const args = ["build", "kernels-rs", "--mode", "no-install", "--target", "web", "--release", "--no-pack"];
      const out = ["--out-dir", aside, "--out-name", stem];
      await runLogged("wasm-pack", [...args, ...out, "--", ...buildStd], { cwd: root, env, log, onLine: hear });
      const wasm = readFileSync(join(aside, `${stem}_bg.wasm`));
      const script = embedded(wasm);
      writeFileSync(join(aside, "embedded.js"), script);
      rmSync(join(aside, ".gitignore"), { force: true });
      writeStamp(join(aside, "stamp.json"), hash, { bytes: wasm.length });
      replaceFolder(aside, join(folder, binary));
      const kilobytes = (bytes) => `${Math.round(bytes / 1024)} KiB`;
      return { bytes: wasm.length, note: `${kilobytes(wasm.length)}, ${kilobytes(script.length)} embedded` };
    } finally {
      rmSync(aside, { recursive: true, force: true });
    }
  },
});

export const wasmBinaries = [wasmBinary("strict"), wasmBinary("fast")];
