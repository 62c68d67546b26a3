// The worker of the Backend page: says how the kernels run in a worker, and measures them there.
import { explainBackend, init } from "lanewise";
import { runBenchmark } from "./benchmark.ts";
import { type Order, plainReport, type Said } from "./messages.ts";

const say = (said: Said): void => postMessage(said);

addEventListener("message", ({ data }: MessageEvent<Order>) => void obey(data));

async function obey(order: Order): Promise<void> {
  try {
    await init();
    if (order === "explain") return say({ report: plainReport(explainBackend()) });
    await runBenchmark(
      (measuring) => say({ measuring }),
      (row) => say({ row }),
    );
    say({ done: true });
  } catch (error) {
    say({ failed: error instanceof Error ? error.message : String(error) });
  }
}
