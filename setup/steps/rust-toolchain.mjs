// Step: a Rust toolchain that builds for wasm: one that is there, else by rustup, else by Debian's packages.
// LANEWISE_RUST=rustup or =debian leaves only that way.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { rustVersion } from "../pinned-versions.mjs";
import { cache } from "../places.mjs";
import { install, isDebian, MissingPackages, mayInstall } from "../runner/apt.mjs";
import { ask, ProgramError } from "../runner/child-process.mjs";
import { hashOf, readStamp, writeStamp } from "../runner/stamps.mjs";
import { findDebianToolchain, installDebianToolchain } from "./debian-rust.mjs";
import { findToolchain, installToolchain, whyNoServers, withFirst } from "./rustup.mjs";

const stamp = join(cache, "stamps", "rust-toolchain.json");
const hash = () =>
  hashOf({ base: "", settings: [rustVersion(), process.platform, process.arch, process.env.LANEWISE_RUST] });

/** Which ways are open; both, unless the environment names one. */
function ways() {
  const named = process.env.LANEWISE_RUST;
  if (named && named !== "rustup" && named !== "debian") {
    throw new ProgramError(`LANEWISE_RUST is "${named}"; expected "rustup", "debian" or nothing`);
  }
  return { rustup: named !== "debian", debian: named !== "rustup" && isDebian() };
}

/** Build scripts are linked for this machine, by the C compiler's driver. */
async function haveLinker({ log, hear }) {
  if (process.platform === "win32" || ask("cc", ["--version"])) return;
  const packages = ["gcc", "libc6-dev"];
  if (mayInstall()) return install(packages, { log, hear });
  const message = "there is no C compiler (cc), which Rust needs to link programs";
  if (isDebian()) throw new MissingPackages(message, packages);
  const error = new ProgramError(message);
  error.remedy = "install one: `xcode-select --install` on macOS, elsewhere your system's package of gcc";
  throw error;
}

export const rustToolchain = {
  name: "rust-toolchain",
  title: "Rust toolchain",
  hint: "look whether static.rust-lang.org can be reached, or install Rust by rustup (https://rustup.rs)",
  done: () => {
    const known = readStamp(stamp, hash());
    return known && existsSync(join(known.bin, "cargo")) ? known : undefined;
  },
  async run({ log, hear }) {
    const version = rustVersion();
    const open = ways();
    const found =
      (open.rustup && findToolchain(version)) ||
      (open.debian && findDebianToolchain(version)) ||
      (await installed(version, open, { log, hear }));
    await haveLinker({ log, hear });
    const result = { ...found, version: ask(join(found.bin, "rustc"), ["--version"]) };
    writeStamp(stamp, hash(), result);
    return { ...result, note: `${result.version}, by ${result.way}` };
  },
};

async function installed(version, open, options) {
  const why = open.rustup ? await whyNoServers(version) : "LANEWISE_RUST asks for Debian's packages";
  if (!why) return installToolchain(version, options);
  if (open.debian) return installDebianToolchain(version, why, options);
  throw new ProgramError(`Rust ${version} is not here, and rustup's servers do not answer (${why})`);
}

/** The environment in which cargo is the toolchain's own, with the cached tools beside it. */
export const rustEnv = (toolchain, env = process.env) => ({
  ...env,
  ...toolchain.env,
  WASM_PACK_CACHE: join(cache, "wasm-pack"),
  PATH: withFirst([toolchain.bin, join(cache, "tools", "bin")], env),
  CARGO: join(toolchain.bin, "cargo"),
  RUSTC: join(toolchain.bin, "rustc"),
  CARGO_TERM_COLOR: "never",
  CARGO_TERM_PROGRESS_WHEN: "always",
  CARGO_TERM_PROGRESS_WIDTH: "80",
});
