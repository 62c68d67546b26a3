// A side's end of the line protocol: one JSON request a line on stdin, one JSON reply a line on stdout.
//
// A thread count, a flag of V8 and a binary hold for a whole process, so each side of a comparison is a process of its own,
// kept alive and asked in turn. The first line says who answers.
import { createInterface } from "node:readline";
import { answering, type Hello, type Reply, type Request, type Tasks } from "./tasks.ts";

export type { Hello, Reply, Request, Task, Tasks } from "./tasks.ts";

/** Answers until stdin ends. What the library prints goes to stderr: stdout belongs to the protocol. */
export async function serve(hello: Hello, tasks: Tasks): Promise<void> {
  await serveAnswers(hello, answering(tasks));
}

/** As `serve`, where the answers come from elsewhere; `end` is called when nobody asks any more. */
export async function serveAnswers(
  hello: Hello,
  answer: (request: Request) => Promise<Reply>,
  end: () => Promise<void> = async () => {},
): Promise<void> {
  console.log = console.info = console.error;
  const send = (line: unknown) => process.stdout.write(`${JSON.stringify(line)}\n`);
  send(hello);
  for await (const line of createInterface({ input: process.stdin })) {
    try {
      send(await answer(JSON.parse(line) as Request));
    } catch (error) {
      console.error(error);
      send({ error: error instanceof Error ? error.message : String(error) });
    }
  }
  await end();
  process.exit(0);
}
