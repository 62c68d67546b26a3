// The small benchmark: a button, what is being measured, and a table that fills row by row.
import { element } from "../shell/element.ts";
import type { Measured } from "./messages.ts";

export class BenchmarkView {
  readonly element: HTMLElement;
  readonly #button: HTMLButtonElement;
  readonly #status = element("p", { class: "quiet", role: "status" });
  readonly #rows = element("tbody");
  readonly #table: HTMLElement;

  constructor(measure: () => void) {
    // Not disabled while it runs, which would take the focus away from whoever pressed it by a key.
    const press = (): void => (this.#button.ariaDisabled === "true" ? undefined : measure());
    this.#button = element("button", { type: "button", class: "main", onclick: press }, "Measure");
    const columns = ["What", "How fast"].map((name) => element("th", { scope: "col" }, name));
    const caption = element("caption", { class: "unseen" }, "Results of the benchmark");
    this.#table = element(
      "table",
      { class: "figures", hidden: true },
      caption,
      element("thead", {}, element("tr", {}, ...columns)),
      this.#rows,
    );
    this.element = element(
      "section",
      { class: "card stack benchmark", "aria-labelledby": "backend-benchmark" },
      element("h2", { id: "backend-benchmark" }, "A small benchmark"),
      element(
        "p",
        { class: "quiet" },
        "Runs for some seconds in a worker; each figure is the best of seven. A convolution's arithmetic is counted as its " +
          "definition has it: Winograd's algorithm multiplies four times less.",
      ),
      element("div", { class: "row" }, this.#button, this.#status),
      this.#table,
    );
  }

  begin(): void {
    this.#button.ariaDisabled = "true";
    this.#rows.replaceChildren();
    this.#table.hidden = false;
    this.#status.textContent = "Starting …";
  }

  measuring(name: string): void {
    this.#status.textContent = `${name} …`;
  }

  add({ name, rate, unit }: Measured): void {
    const figure = rate < 100 ? rate.toFixed(1) : Math.round(rate).toLocaleString("en");
    this.#rows.append(element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, `${figure} ${unit}`)));
  }

  end(words: string): void {
    if (this.#button.ariaDisabled !== "true") return;
    this.#table.hidden = this.#rows.childElementCount === 0;
    this.#status.textContent = words;
    this.#button.ariaDisabled = "false";
    this.#button.textContent = "Measure again";
  }
}
