// The Rust toolchain by Debian's packages, where rustup's servers are out of reach.
import { existsSync } from "node:fs";
import { reaches } from "../pinned-versions.mjs";
import { install, isDebian, MissingPackages, makeFolders, mayInstall } from "../runner/apt.mjs";
import { ask, ProgramError } from "../runner/child-process.mjs";

const packages = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-clippy", "rustfmt-web", "lld-22"];
const linker = "/usr/bin/wasm-ld-22";
/** wasm-pack refuses to build without the target's folder, though std is built from source. */
const targetFolder = "/usr/lib/rustlib/wasm32-unknown-unknown/lib";
const source = "/usr/lib/rustlib/src/rust/library/std";
const programs = ["cargo", "rustc", "cargo-clippy", "rustfmt"].map((name) => `/usr/bin/${name}`);

const packagesAreThere = (version) =>
  [...programs, linker, source].every((path) => existsSync(path)) &&
  reaches(ask("/usr/bin/rustc", ["--version"]) ?? "0", version);

/** Debian's toolchain, if it is complete and new enough. */
export function findDebianToolchain(version) {
  if (!isDebian() || !packagesAreThere(version) || !existsSync(targetFolder)) return undefined;
  return { way: "Debian's packages", bin: "/usr/bin", env: { CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER: linker } };
}

export async function installDebianToolchain(version, whyNotRustup, { log, hear }) {
  const wanted = packagesAreThere(version) ? [] : packages;
  if (!mayInstall()) {
    throw new MissingPackages(
      `Rust ${version} is not here, rustup is no way (${whyNotRustup}), and this user may not install`,
      wanted,
      [targetFolder],
    );
  }
  if (wanted.length) await install(wanted, { log, hear });
  await makeFolders([targetFolder], { log, hear });
  const found = findDebianToolchain(version);
  if (!found)
    throw new ProgramError(`Debian's packages were installed, yet they hold no Rust ${version} or newer`, { log });
  return found;
}
