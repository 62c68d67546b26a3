// What a screen reader hears of a training: each change at once, figures seldom.
import { element } from "../../shell/element.ts";

const BETWEEN_FIGURES_MS = 15_000;

export class Announcer {
  readonly element = element("p", { class: "unseen", role: "status" });
  #spoke = 0;

  say(text: string): void {
    this.#spoke = performance.now();
    this.element.textContent = text;
  }

  /** Said unless something was said a moment ago; the next one will tell more. */
  sayFigures(text: string): void {
    if (performance.now() - this.#spoke >= BETWEEN_FIGURES_MS) this.say(text);
  }
}
