// What the network makes of a photo: the likeliest class, the chances of all, and the 32 x 32 pixels that it sees.
import type { Ready, Recognized } from "../recognition/messages.ts";
import { Bars, inPercent, largest } from "../shell/bars.ts";
import { element } from "../shell/element.ts";
import { Seen } from "../shell/seen.ts";

export class Verdict {
  /** The likeliest class, and what the network sees. */
  readonly answer: HTMLElement;
  /** The chances of all, and how long it took. */
  readonly details: HTMLElement;
  #classes: readonly string[] = [];
  readonly #name = element("p", { class: "thing" }, "…");
  readonly #sure = element("p", { class: "verdict" });
  readonly #bars = new Bars("Chance of each class", []);
  readonly #seen = new Seen(32);
  readonly #warning = element("p", { class: "quiet", hidden: true });
  readonly #time = element("p", { class: "quiet figures" });
  readonly #about = element("p", { class: "quiet" });

  constructor() {
    const caption = "What the network sees: 32 × 32 pixels of the middle";
    this.answer = element(
      "section",
      { class: "card answer reading", "aria-label": "What the network makes of it" },
      element("div", { role: "status" }, this.#name, this.#sure),
      element("figure", { class: "view" }, this.#seen.root, element("figcaption", { class: "quiet" }, caption)),
    );
    this.details = element(
      "section",
      { class: "card chances stack", "aria-label": "How sure it is" },
      this.#bars.root,
      this.#warning,
      this.#time,
      this.#about,
    );
    this.wait("Loading the network …");
  }

  /** Something is under way. */
  wait(words: string): void {
    this.answer.setAttribute("aria-busy", "true");
    this.#name.textContent = "…";
    this.#sure.textContent = words;
  }

  /** It comes to nothing. */
  fail(): void {
    this.answer.removeAttribute("aria-busy");
    this.#name.textContent = "";
    this.#sure.textContent = "Nothing known";
  }

  ready({ classes, about }: Ready): void {
    this.#classes = classes;
    this.#bars.name(classes);
    this.#about.textContent = `${about} Whatever it is shown, it chooses among these ${classes.length}.`;
  }

  /** Nothing is under way, and nothing was shown. */
  rest(): void {
    this.answer.removeAttribute("aria-busy");
    this.#name.textContent = "";
    this.#sure.textContent = "Nothing shown yet";
  }

  show({ chances, seen, preparation, milliseconds, warning }: Recognized): void {
    const best = largest(chances);
    this.answer.removeAttribute("aria-busy");
    this.#name.textContent = withArticle(this.#classes[best] ?? String(best));
    this.#sure.textContent = `${inPercent(chances[best]!)} sure`;
    this.#bars.show(chances);
    this.#warning.hidden = warning === null;
    this.#warning.textContent = warning === null ? "" : `Mind: ${warning}.`;
    this.#time.textContent =
      `${milliseconds.toFixed(1)} ms an image on one thread, and ` +
      `${preparation.toFixed(1)} ms to make the picture small.`;
    const value = (pixel: number, channel: number): number => seen[3 * pixel + channel]!;
    this.#seen.show("the picture in 32 by 32 pixels", (pixel) => [value(pixel, 0), value(pixel, 1), value(pixel, 2)]);
  }
}

export function withArticle(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? "an" : "a"} ${noun}`;
}
