// The Backend page's end of the line to its worker.
import type { Measured, Order, PlainReport, Said } from "./messages.ts";

export interface Hearer {
  measuring(name: string): void;
  row(row: Measured): void;
  /** The benchmark is over; with words where it failed. */
  done(failure?: string): void;
}

export class Line {
  /** How kernels run in the worker; rejects where none does. */
  readonly explained: Promise<PlainReport>;
  readonly #worker = new Worker(new URL("./backend-worker.ts", import.meta.url), { type: "module" });

  constructor(hearer: Hearer) {
    this.explained = new Promise((resolve, reject) => {
      const failed = (words: string): void => {
        reject(new Error(words));
        hearer.done(words);
      };
      this.#worker.addEventListener("message", ({ data }: MessageEvent<Said>) => {
        if ("report" in data) resolve(data.report);
        else if ("measuring" in data) hearer.measuring(data.measuring);
        else if ("row" in data) hearer.row(data.row);
        else if ("failed" in data) failed(data.failed);
        else hearer.done();
      });
      this.#worker.addEventListener("error", ({ message }) => {
        failed(message || "Its script could not be loaded; it must be reachable, and allowed by the page's policy.");
      });
    });
    this.send("explain");
  }

  send(order: Order): void {
    this.#worker.postMessage(order);
  }

  end(): void {
    this.#worker.terminate();
  }
}
