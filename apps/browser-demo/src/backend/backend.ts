// The page "backend": how the kernels run here and why, what the browser says of itself, and how fast they are.
import { explainBackend, init } from "lanewise";
import { element } from "../shell/element.ts";
import { notice } from "../shell/notice.ts";
import { BenchmarkView } from "./benchmark-view.ts";
import { browserFacts } from "./facts.ts";
import { type Order, type PlainReport, plainReport, type Said } from "./messages.ts";
import { reportView } from "./report-view.ts";

export function mount(root: HTMLElement): () => void {
  const report = element("div", { "aria-busy": true });
  const facts = element("dl", { class: "facts" });
  const problems = element("div", { class: "problems" });
  let line: Line | undefined;
  const benchmark = new BenchmarkView(() => {
    benchmark.begin();
    line?.send("measure");
  });

  const hear = (said: Said): void => {
    if ("measuring" in said) benchmark.measuring(said.measuring);
    else if ("row" in said) benchmark.add(said.row);
    else if ("done" in said) benchmark.end("Done.");
    else if ("failed" in said) {
      problems.replaceChildren(notice("The worker of this page failed.", { detail: said.failed }));
      benchmark.end("");
    }
  };

  root.append(
    problems,
    element(
      "div",
      { class: "two" },
      element(
        "div",
        { class: "stack" },
        card("kernels", "The kernels", report),
        card("browser", "This browser", facts),
      ),
      benchmark.element,
    ),
  );

  void browserFacts().then((all) => {
    for (const { name, value } of all) {
      facts.append(element("div", {}, element("dt", {}, name), element("dd", {}, value)));
    }
  });
  void (async () => {
    const page = await reportOfPage().catch((error: Error) => error);
    line = new Line(hear);
    const worker = await line.explained.catch((error: Error) => error);
    const failures = [page, worker].filter((each) => each instanceof Error);
    for (const { message } of failures) problems.append(notice("Kernels did not start.", { detail: message }));
    const reported = (each: PlainReport | Error): PlainReport | null => (each instanceof Error ? null : each);
    report.replaceChildren(
      reportView([
        { name: "In a worker", report: reported(worker) },
        { name: "On this page", report: reported(page) },
      ]),
    );
    report.removeAttribute("aria-busy");
  })();
  return () => line?.end();
}

function card(id: string, title: string, content: HTMLElement): HTMLElement {
  const heading = element("h2", { id: `backend-${id}` }, title);
  return element("section", { class: "card stack", "aria-labelledby": heading.id }, heading, content);
}

async function reportOfPage(): Promise<PlainReport> {
  await init();
  return plainReport(explainBackend());
}

/** The page's end of the line to its worker. */
class Line {
  readonly explained: Promise<PlainReport>;
  readonly #worker = new Worker(new URL("./backend-worker.ts", import.meta.url), { type: "module" });

  constructor(hear: (said: Said) => void) {
    this.explained = new Promise((resolve, reject) => {
      this.#worker.addEventListener("message", ({ data }: MessageEvent<Said>) => {
        if ("report" in data) resolve(data.report);
        else hear(data);
        if ("failed" in data) reject(new Error(data.failed));
      });
      this.#worker.addEventListener("error", ({ message }) => {
        const words =
          message || "Its script could not be loaded; it must be reachable, and allowed by the page's policy.";
        reject(new Error(words));
        hear({ failed: words });
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
