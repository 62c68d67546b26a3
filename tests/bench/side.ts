// A side of the comparison: a process that is kept alive, and asked for one measurement after the other.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Hello, Reply, Request } from "./sides/tasks.ts";

export interface SideCommand {
  /** Under which results are filed: `lanewise-2`, `torch-1`. */
  readonly id: string;
  readonly program: string;
  readonly args: readonly string[];
}

export class Side {
  readonly id: string;
  readonly hello: Hello;
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  private constructor(id: string, hello: Hello, child: ChildProcess, lines: AsyncIterator<string>) {
    this.id = id;
    this.hello = hello;
    this.#process = child;
    this.#lines = lines;
  }

  /** Starts the process and waits for its first line. */
  static async start({ id, program, args }: SideCommand): Promise<Side> {
    const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"] });
    let complaints = "";
    child.stderr.on("data", (chunk) => {
      complaints = `${complaints}${chunk}`.slice(-4000);
    });
    // A program that is not there ends its output too, after this; a side that died cannot be written to.
    child.on("error", (error) => {
      complaints += error.message;
    });
    child.stdin.on("error", () => {});
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const first = await lines.next();
    if (first.done) throw new Error(`${id} did not start (${program} ${args.join(" ")}):\n${complaints.trim()}`);
    return new Side(id, JSON.parse(first.value) as Hello, child, lines);
  }

  async ask(request: Request): Promise<Reply> {
    this.#process.stdin!.write(`${JSON.stringify(request)}\n`);
    const line = await this.#lines.next();
    if (line.done) throw new Error(`${this.id} ended while it measured ${JSON.stringify(request)}.`);
    const reply = JSON.parse(line.value) as Reply | { error: string };
    if ("error" in reply) throw new Error(`not measured: ${reply.error}`);
    return reply;
  }

  async end(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const ended = once(this.#process, "exit");
    this.#process.stdin!.end();
    await ended;
  }
}
