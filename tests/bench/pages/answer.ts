// A library's worker in a page: set up on some threads, then asked for one measurement after the other.
import { answering, type Hello, type Reply, type Request, type Tasks } from "../sides/tasks.ts";

export interface Start {
  readonly threads: number;
  /** Whether the times of kernels are wanted. */
  readonly profile: boolean;
}

export type Asked = { readonly start: Start } | { readonly request: Request };
export type Answered = { readonly hello: Hello } | { readonly reply: Reply } | { readonly error: string };

export interface Library {
  readonly hello: Omit<Hello, "version">;
  readonly tasks: Tasks;
}

/** Browsers compile for speed only what has run for a while: an inference of milliseconds takes this long to get there. */
const WARM_UP_SECONDS = 1;

/** To be called while the worker's script is first evaluated. */
export function answerPage(begin: (start: Start) => Promise<Library>): void {
  let answer: ((request: Request) => Promise<Reply>) | undefined;
  const answered = async (asked: Asked): Promise<Answered> => {
    if ("request" in asked) return { reply: await answer!(asked.request) };
    const { hello, tasks } = await begin(asked.start);
    answer = answering(tasks, WARM_UP_SECONDS);
    // The version is known to who installed it.
    return { hello: { ...hello, version: "" } };
  };
  self.addEventListener("message", async ({ data }: MessageEvent<Asked>) => {
    const text = (error: unknown): Answered => ({ error: error instanceof Error ? error.message : String(error) });
    self.postMessage(await answered(data).catch(text));
  });
}
