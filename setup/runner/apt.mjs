// Debian's packages: installed as root (or in CI by sudo), else the one command for a person to type.
import { existsSync } from "node:fs";
import { ask, ProgramError, runLogged } from "./child-process.mjs";

export const isDebian = () => existsSync("/usr/bin/apt-get");

/** The words before apt-get, or undefined where we may not install. */
const authority = () => {
  if (process.getuid?.() === 0) return [];
  if (process.env.CI && ask("sudo", ["-n", "true"]) !== undefined) return ["sudo", "-n"];
  return undefined;
};
export const mayInstall = () => isDebian() && authority() !== undefined;

/** The one line that a person types in our place. */
export function commandToType(packages, folders = []) {
  const parts = [];
  if (packages.length) parts.push(`apt-get update && apt-get install -y --no-install-recommends ${packages.join(" ")}`);
  if (folders.length) parts.push(`mkdir -p ${folders.join(" ")}`);
  return `sudo sh -c '${parts.join(" && ")}'`;
}

/** What a person has to install in our place; several such errors make one command. */
export class MissingPackages extends ProgramError {
  constructor(message, packages, folders = []) {
    super(message);
    this.packages = packages;
    this.folders = folders;
  }
}

/** The one command that answers all of these errors, or undefined if none of them asks for packages. */
export function commandFor(errors) {
  const missing = errors.filter((error) => error instanceof MissingPackages);
  if (!missing.length) return undefined;
  const all = (key) => [...new Set(missing.flatMap((error) => error[key]))];
  return commandToType(all("packages"), all("folders"));
}

let queue = Promise.resolve();
let listsAreFresh = false;

/** Installs packages; one call at a time, since apt holds a lock. */
export function install(packages, { log, hear }) {
  const turn = queue.then(async () => {
    const words = authority();
    if (!isDebian() || words === undefined) {
      throw new MissingPackages(`Debian's ${packages.join(", ")} are missing, and only root installs them`, packages);
    }
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    const apt = (...args) => {
      const [program, ...rest] = [...words, "apt-get", "-o", "DPkg::Lock::Timeout=300", "-q", ...args];
      return runLogged(program, rest, { env, log, onLine: hear });
    };
    if (!listsAreFresh) await apt("update");
    listsAreFresh = true;
    await apt("install", "-y", "--no-install-recommends", ...packages);
  });
  queue = turn.catch(() => {});
  return turn;
}

/** Makes folders with the same authority. */
export async function makeFolders(folders, { log, hear }) {
  const [program, ...args] = [...authority(), "mkdir", "-p", ...folders];
  await runLogged(program, args, { log, onLine: hear });
}
