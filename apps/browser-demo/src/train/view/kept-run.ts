// What an earlier visit left: a run that was stopped, or ended when the page was closed, to go on with.
import { element } from "../../shell/element.ts";
import { describeNetwork } from "../settings.ts";
import { BUSY, type KeptRun, type TrainerState } from "../trainer.ts";
import { percent } from "./words.ts";

export interface KeptOrders {
  goOn(): void;
  forget(): void;
}

export class KeptView {
  readonly element: HTMLElement;
  readonly #words = element("p");
  readonly #goOn: HTMLButtonElement;

  constructor(orders: KeptOrders) {
    this.#goOn = element("button", { type: "button", onclick: orders.goOn }, "Go on from there");
    const forget = element("button", { type: "button", class: "plain", onclick: orders.forget }, "Forget it");
    this.element = element(
      "section",
      { class: "card kept", "aria-label": "A training that was kept", hidden: true },
      this.#words,
      element("div", { class: "row" }, this.#goOn, forget),
    );
  }

  show({ kept, phase }: TrainerState): void {
    this.element.hidden = kept === null || BUSY.has(phase);
    if (kept === null) return;
    this.#words.textContent = wordsOf(kept);
    this.#goOn.textContent = kept.step < kept.steps ? "Go on from there" : "Bring its model back";
  }
}

function wordsOf({ settings, history, step, steps }: KeptRun): string {
  const network = describeNetwork(settings);
  const last = history.at(-1);
  const error = last === undefined ? "" : `, held-out error ${percent(last.metrics.heldOutError)}`;
  if (step >= steps)
    return `A finished training is kept in this browser: ${network}, ${settings.epochs} epochs${error}.`;
  const done = Math.round((100 * step) / steps);
  return `A training is kept in this browser: ${network}, ${done} % of ${settings.epochs} epochs${error}.`;
}
