// Starts other programs: into a log while progress is shown, or at the terminal; all of them end with this process.
import { spawn, spawnSync } from "node:child_process";
import { createWriteStream, mkdirSync } from "node:fs";
import { dirname } from "node:path";

const windows = process.platform === "win32";
const running = new Set();

/** A program that ended badly, or never began; the message is for people, `tail` the end of what it said. */
export class ProgramError extends Error {
  constructor(message, { tail = [], log } = {}) {
    super(message);
    this.tail = tail;
    this.log = log;
  }
}

/** Ends every program that was started here, with all that it started. */
export function endAll(signal = "SIGTERM") {
  for (const child of running) {
    try {
      if (windows) spawnSync("taskkill", ["/pid", String(child.pid), "/t", "/f"]);
      else process.kill(-child.pid, signal);
    } catch {
      // it ended by itself in the meantime
    }
  }
}

const cleaned = (line) =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours and cursor moves begin with the escape character
  line.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, "").trimEnd();

/**
 * Runs a program with its output in a log file. `onLine` hears each line.
 * In a process group of its own: a compiler's children end with it.
 */
export function runLogged(program, args, { cwd, env = process.env, log, onLine = () => {} }) {
  mkdirSync(dirname(log), { recursive: true });
  return new Promise((done, fail) => {
    const file = createWriteStream(log, { flags: "a" });
    const said = `${program} ${args.join(" ")}`;
    file.write(`\n$ ${said}\n`);
    const child = spawn(program, args, {
      cwd,
      env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: !windows,
      shell: false,
    });
    running.add(child);
    const tail = [];
    const heard = (stream) => {
      let rest = "";
      stream.setEncoding("utf8");
      stream.on("data", (text) => {
        file.write(text);
        const lines = (rest + text).split(/\r\n|\n|\r/);
        rest = lines.pop();
        for (const line of lines.map(cleaned).filter(Boolean)) {
          if (tail.push(line) > 400) tail.splice(0, 200);
          onLine(line);
        }
      });
      stream.on("end", () => rest && tail.push(cleaned(rest)));
    };
    heard(child.stdout);
    heard(child.stderr);
    const end = (error) => {
      running.delete(child);
      file.end(() => (error ? fail(error) : done(tail)));
    };
    child.on("error", (error) => end(new ProgramError(`${program} did not start: ${error.message}`, { tail, log })));
    child.on("close", (code, signal) =>
      end(code === 0 ? null : new ProgramError(`${said} ended with ${signal ?? `exit code ${code}`}`, { tail, log })),
    );
  });
}

/** What a program prints, or undefined if it is absent or fails. For questions that take no time. */
export function ask(program, args, options = {}) {
  const answer = spawnSync(program, args, { encoding: "utf8", timeout: 20_000, ...options });
  return answer.status === 0 ? answer.stdout.trim() : undefined;
}

/**
 * Runs a program at this terminal and gives its exit code. Ctrl-C reaches it by the terminal itself, so that it can
 * save what it has; we wait for that and then end as it did, beginning nothing new.
 */
export function runAtTerminal(program, args, { cwd, env = process.env } = {}) {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { cwd, env, stdio: "inherit" });
    let told;
    const wait = () => {
      told = "SIGINT";
    };
    const pass = () => {
      told = "SIGTERM";
      child.kill("SIGTERM");
    };
    process.on("SIGINT", wait);
    process.on("SIGTERM", pass);
    const free = () => {
      process.off("SIGINT", wait);
      process.off("SIGTERM", pass);
    };
    child.on("error", (error) => {
      free();
      fail(new ProgramError(`${program} did not start: ${error.message}`));
    });
    child.on("close", (code, signal) => {
      free();
      const ending = code ?? (signal === "SIGINT" ? 130 : 143);
      if (told) process.exit(ending || (told === "SIGINT" ? 130 : 143));
      done(ending);
    });
  });
}
