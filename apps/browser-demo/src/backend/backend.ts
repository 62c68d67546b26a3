// The page "backend": how the kernels run here and why, what the browser says of itself, and how fast they are.
import { explainBackend, init } from "lanewise";
import { element } from "../shell/element.ts";
import { notice } from "../shell/notice.ts";
import { BenchmarkView } from "./benchmark-view.ts";
import { browserFacts } from "./facts.ts";
import { Line } from "./line.ts";
import { type PlainReport, plainReport } from "./messages.ts";
import { type Place, reportView } from "./report-view.ts";

export function mount(root: HTMLElement): () => void {
  const page = new BackendPage();
  root.append(page.problems, page.content);
  return () => page.end();
}

class BackendPage {
  readonly problems = element("div", { class: "problems" });
  readonly content: HTMLElement;
  readonly #report = element("div");
  readonly #benchmark = new BenchmarkView(() => this.#measure());
  #worker: Place = { name: "In a worker", report: "starting" };
  #page: Place = { name: "On this page", report: "starting" };
  #line: Line | undefined;

  constructor() {
    const facts = element("dl", { class: "facts" });
    const left = [card("kernels", "The kernels", this.#report), card("browser", "This browser", facts)];
    this.content = element(
      "div",
      { class: "two" },
      element("div", { class: "stack" }, ...left),
      this.#benchmark.element,
    );
    void showFacts(facts);
    this.#show();
    void this.#explain(reportOfPage).then((report) => {
      this.#page = { ...this.#page, report };
      this.#show();
    });
    void this.#explain(() => this.#connect()).then((report) => {
      this.#worker = { ...this.#worker, report };
      this.#show();
    });
  }

  end(): void {
    this.#line?.end();
  }

  #show(): void {
    this.#report.replaceChildren(reportView([this.#worker, this.#page]));
  }

  async #explain(report: () => Promise<PlainReport>): Promise<PlainReport | "failed"> {
    try {
      return await report();
    } catch (error) {
      this.problems.append(notice("Kernels did not start.", { detail: (error as Error).message }));
      return "failed";
    }
  }

  #connect(): Promise<PlainReport> {
    this.#line = new Line({
      measuring: (name) => this.#benchmark.measuring(name),
      row: (row) => this.#benchmark.add(row),
      done: (failure) => this.#benchmark.end(failure === undefined ? "Done." : `It failed: ${failure}`),
    });
    return this.#line.explained;
  }

  #measure(): void {
    this.#benchmark.begin();
    if (this.#line === undefined || this.#worker.report === "failed") {
      this.#benchmark.end("The worker did not start, so there is nothing to measure.");
    } else this.#line.send("measure");
  }
}

function card(id: string, title: string, content: HTMLElement): HTMLElement {
  const heading = element("h2", { id: `backend-${id}` }, title);
  return element("section", { class: "card stack", "aria-labelledby": heading.id }, heading, content);
}

async function showFacts(list: HTMLElement): Promise<void> {
  for (const { name, value } of await browserFacts()) {
    list.append(element("div", {}, element("dt", {}, name), element("dd", {}, value)));
  }
}

async function reportOfPage(): Promise<PlainReport> {
  await init();
  return plainReport(explainBackend());
}
