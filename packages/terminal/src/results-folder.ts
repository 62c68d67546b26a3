// The folder of a run's results: made, found to be writable before anything is computed, and held by one program at a time.
import { closeSync, mkdirSync, openSync, readFileSync, statSync, unlinkSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join, resolve } from "node:path";

/** In the folder while a run holds it: who does, as JSON. */
const HELD = ".in-use.json";

interface Holder {
  readonly program: string;
  readonly pid: number;
  readonly host: string;
  /** When the process began, in the system's own words, where it tells: a later process may have the same number. */
  readonly began: string | null;
  readonly since: string;
}

/**
 * Makes the folder and holds it until this process ends, however it ends: two runs that wrote into one folder would leave a
 * model of one beside the figures of the other. Throws a sentence about what hinders.
 */
export function claimResultsFolder(path: string, program: string): void {
  makeFolder(resolve(path), path);
  const file = join(path, HELD);
  const self: Holder = {
    program,
    pid: process.pid,
    host: hostname(),
    began: beginning(process.pid),
    since: new Date().toISOString(),
  };
  try {
    if (!written(file, self)) {
      refuseHeld(path, file);
      unlinkSync(file);
      if (!written(file, self)) {
        refuseHeld(path, file);
        throw new Error(`${path} was taken by another run in this moment; name another folder, or try again`);
      }
    }
  } catch (error) {
    throw explained(path, error);
  }
  process.on("exit", () => {
    try {
      unlinkSync(file);
    } catch {
      // somebody cleared the folder meanwhile
    }
  });
}

/** Writes the file if it is not there; false if it is. */
function written(file: string, holder: Holder): boolean {
  let handle: number;
  try {
    handle = openSync(file, "wx");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
  try {
    writeSync(handle, `${JSON.stringify(holder)}\n`);
  } catch (error) {
    unlinkSync(file);
    throw error;
  } finally {
    closeSync(handle);
  }
  return true;
}

/** Throws if the holder may still run; a process that ended without a chance to clear up holds nothing. */
function refuseHeld(path: string, file: string): void {
  let holder: Partial<Holder>;
  try {
    holder = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return; // half written by a process that was killed then, or gone in this moment
  }
  const { program, pid, host, since } = holder;
  const here = host === hostname();
  if (here && (pid === undefined || !runs(pid, holder.began ?? null))) return;
  const where = here ? `process ${pid}` : `process ${pid} on ${host}`;
  throw new Error(
    `${path} is in use by a run of ${program} (${where}, since ${since}); name another folder, or wait for its end` +
      `${here ? "" : `; if it is over, delete ${file}`}`,
  );
}

function runs(pid: number, began: string | null): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  const now = beginning(pid);
  return began === null || now === null || began === now;
}

/** Linux: the twenty-second field of /proc/PID/stat, ticks since the machine began. The second is a name in brackets. */
function beginning(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ")[19] ?? null;
  } catch {
    return null;
  }
}

/** Folder by folder: Node's own recursive call never returns where the system refuses a folder as /proc does. */
function makeFolder(path: string, said: string): void {
  try {
    if (statSync(path).isDirectory()) return;
    throw new Error(`${said} is a file; expected a folder, or a name that is free`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOTDIR") throw new Error(`${said} cannot be made: part of its path is a file; name another folder`);
    if (code !== "ENOENT") throw explained(said, error);
  }
  if (dirname(path) !== path) makeFolder(dirname(path), said);
  try {
    mkdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw explained(said, error);
  }
}

const WHY: Readonly<Record<string, string>> = {
  EACCES: "you may not write there",
  EPERM: "you may not write there",
  EROFS: "its file system is read-only",
  ENOSPC: "no space is left on its disk",
  ENOENT: "the system makes no folders there",
};

function explained(path: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) return error;
  return new Error(
    `${path} cannot be written to: ${WHY[code] ?? (error as Error).message} (${code}); name another folder`,
  );
}
