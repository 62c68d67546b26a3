// The Rust toolchain by rustup: the user's own where there is one, else one inside the cache; no profile is touched.
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { cache } from "../places.mjs";
import { ask, ProgramError, runLogged } from "../runner/child-process.mjs";

const windows = process.platform === "win32";
const exe = windows ? ".exe" : "";
const server = () => process.env.RUSTUP_DIST_SERVER || "https://static.rust-lang.org";
const updateRoot = () => process.env.RUSTUP_UPDATE_ROOT || `${server()}/rustup`;
const components = ["rust-src", "rustfmt", "clippy"];
const target = "wasm32-unknown-unknown";

const cachedEnv = {
  RUSTUP_HOME: join(cache, "rustup"),
  CARGO_HOME: join(cache, "cargo"),
};

/** A rustup that is there already: the cache's, or the user's. */
function findRustup() {
  const cached = join(cachedEnv.CARGO_HOME, "bin", `rustup${exe}`);
  if (existsSync(cached)) return { program: cached, env: cachedEnv };
  const own = ["rustup", join(process.env.CARGO_HOME ?? join(homedir(), ".cargo"), "bin", `rustup${exe}`)];
  const program = own.find((path) => ask(path, ["--version"]));
  return program && { program, env: {} };
}

/** Where a complete toolchain of the version lies, or undefined. */
export function findToolchain(version) {
  const rustup = findRustup();
  if (!rustup) return undefined;
  const env = { ...process.env, ...rustup.env, RUSTUP_AUTO_INSTALL: "0" };
  const cargo = ask(rustup.program, ["which", "cargo", "--toolchain", version], { env });
  if (!cargo || !existsSync(cargo)) return undefined;
  const bin = dirname(cargo);
  const lib = join(bin, "..", "lib", "rustlib");
  return isComplete(lib) ? { way: "rustup", bin, env: rustup.env } : undefined;
}

/** rustup writes both files last: a toolchain whose unpacking was cut off lacks them, or a name in them. */
function isComplete(lib) {
  const list = join(lib, "components");
  if (!existsSync(list) || !existsSync(join(lib, "multirust-channel-manifest.toml"))) return false;
  const there = readFileSync(list, "utf8");
  return ["cargo-", "rustc-", "rust-src", "rustfmt", "clippy", `rust-std-${target}`].every((name) =>
    there.includes(name),
  );
}

const fetched = async (url, timeoutMs) => {
  const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return Buffer.from(await answer.arrayBuffer());
};

/**
 * Why rustup's servers cannot serve the version, or undefined if they can. A short question, so that a machine without
 * them goes another way soon.
 */
export async function whyNoServers(version) {
  const url = `${server()}/dist/channel-rust-${version}.toml.sha256`;
  try {
    const digest = (await fetched(url, 10_000)).toString();
    return /^[0-9a-f]{64}\b/.test(digest) ? undefined : `${url} holds no SHA-256`;
  } catch (error) {
    return [error.message, error.cause?.message].filter(Boolean).join(": ");
  }
}

const hostTriple = () => {
  const cpu = { x64: "x86_64", arm64: "aarch64" }[process.arch];
  const musl = process.platform === "linux" && !process.report.getReport().header.glibcVersionRuntime;
  const system = {
    linux: `unknown-linux-${musl ? "musl" : "gnu"}`,
    darwin: "apple-darwin",
    win32: "pc-windows-msvc",
  }[process.platform];
  if (!cpu || !system) throw new ProgramError(`rustup has no installer for ${process.platform}-${process.arch}`);
  return `${cpu}-${system}`;
};

async function installRustup({ log, hear }) {
  const url = `${updateRoot()}/dist/${hostTriple()}/rustup-init${exe}`;
  hear("rustup's installer");
  const [program, digest] = await Promise.all([fetched(url, 300_000), fetched(`${url}.sha256`, 60_000)]);
  const wanted = digest.toString().slice(0, 64);
  const came = createHash("sha256").update(program).digest("hex");
  if (came !== wanted) throw new ProgramError(`${url} came with SHA-256 ${came}, expected was ${wanted}`);
  mkdirSync(cache, { recursive: true });
  const path = join(cache, `rustup-init${exe}`);
  const aside = `${path}.${process.pid}.new`;
  writeFileSync(aside, program);
  chmodSync(aside, 0o755);
  renameSync(aside, path);
  const args = ["-y", "-q", "--no-modify-path", "--default-toolchain", "none", "--profile", "minimal"];
  const env = { ...process.env, ...cachedEnv, RUSTUP_INIT_SKIP_PATH_CHECK: "yes" };
  await runLogged(path, args, { env, log, onLine: hear });
  return findRustup();
}

/** Installs the version with what a wasm build and the checks need; rustup itself goes on with half-done downloads. */
export async function installToolchain(version, { log, hear }) {
  const { program, env } = findRustup() ?? (await installRustup({ log, hear }));
  const wanted = components.flatMap((name) => ["-c", name]);
  const args = ["toolchain", "install", version, "--no-self-update", "--profile", "minimal", ...wanted, "-t", target];
  await runLogged(program, args, { env: { ...process.env, ...env }, log, onLine: hear });
  const found = findToolchain(version);
  if (!found) throw new ProgramError(`rustup installed Rust ${version}, yet it is not complete`, { log });
  return found;
}

/** PATH with the toolchain's own programs first: no shim of rustup's stands between. */
export const withFirst = (folders, env) => [...folders, env.PATH ?? ""].join(delimiter);
