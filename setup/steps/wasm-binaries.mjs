// Steps: the kernels compiled (beside the tools, which they don't need yet), then each binary bound by wasm-pack.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { wasmBindgenVersion, wasmPackVersion } from "../pinned-versions.mjs";
import { root } from "../places.mjs";
import { runLogged } from "../runner/child-process.mjs";
import { filesBelow, hashOf, readStamp, replaceFolder, writeStamp } from "../runner/stamps.mjs";
import { binaries, cargoArguments, wasmEnv, wasmSettings, wasmTarget } from "./wasm-compiler.mjs";

const stem = "lanewise_kernels";
const crate = join(root, "kernels-rs");
const folder = join(root, "packages", "kernels", "wasm");

/** The binary as a JavaScript module: gzip, then base64; it travels through every bundler and CDN. */
export const embedded = (wasm) =>
  `// The compiled kernels: base64 of the gzip of ${stem}_bg.wasm.\nexport default "${gzipSync(wasm, { level: 9 }).toString("base64")}";\n`;

const inputs = (results) =>
  hashOf({
    base: root,
    files: ["kernels-rs", "Cargo.toml", "Cargo.lock"].flatMap((path) => filesBelow(join(root, path))),
    settings: [wasmSettings, wasmPackVersion, wasmBindgenVersion(), results["rust-toolchain"].version],
  });

/** What the binary's stamp says if it was made from the sources as they are. */
const standing = (binary, hash) => {
  const known = readStamp(join(folder, binary, "stamp.json"), hash);
  return known && existsSync(join(folder, binary, "embedded.js")) ? known : undefined;
};

const hint = "a compiler's error is in kernels-rs; a download's, in the way to crates.io";

const kernelsCompiled = {
  name: "kernels-compiled",
  title: "Standard library and kernels",
  needs: ["rust-toolchain"],
  hint,
  done: (results) => {
    const hash = inputs(results);
    return binaries.every((binary) => standing(binary, hash)) ? {} : undefined;
  },
  async run({ log, hear, results }) {
    // The first binary's compilation, with all that both share; wasm-pack will say the very same and find it done.
    const args = ["build", "--lib", "--release", "--target", wasmTarget, ...cargoArguments.strict];
    const env = wasmEnv(results["rust-toolchain"], "strict");
    await runLogged(env.CARGO, args, { cwd: crate, env, log, onLine: hear });
  },
};

/** One after the other: cargo keeps one compilation of the crate, so beside each other they would undo each other's. */
const boundBinary = (binary, after) => ({
  name: `wasm-${binary}`,
  title: `The ${binary} binary`,
  needs: ["rust-toolchain", "wasm-tools", after],
  hint,
  done: (results) => standing(binary, inputs(results)),
  async run({ log, hear, results }) {
    const aside = join(folder, `.${binary}.${process.pid}.new`);
    const hash = inputs(results);
    const env = wasmEnv(results["rust-toolchain"], binary);
    mkdirSync(folder, { recursive: true });
    try {
      const args = ["build", crate, "--mode", "no-install", "--target", "web", "--release", "--no-pack"];
      const out = ["--out-dir", aside, "--out-name", stem];
      await runLogged("wasm-pack", [...args, ...out, "--", ...cargoArguments[binary]], {
        cwd: root,
        env,
        log,
        onLine: hear,
      });
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

export const wasmBinaries = [
  kernelsCompiled,
  boundBinary("strict", "kernels-compiled"),
  boundBinary("fast", "wasm-strict"),
];
