// What the network reads: the digit, how sure it is, the chances of all ten, and what it sees.
import type { Outcome, Recognized } from "../recognition/messages.ts";
import { Bars, inPercent, largest } from "../shell/bars.ts";
import { element } from "../shell/element.ts";
import { type Colour, Seen } from "../shell/seen.ts";

/** A screen reader hears of a digit once it stays. */
const QUIET_MS = 700;

export class Reading {
  /** The digit, and what the network sees. */
  readonly answer: HTMLElement;
  /** The chances of all digits, and how long it took. */
  readonly details: HTMLElement;
  readonly #digit = element("output", { class: "digit", "aria-hidden": "true" });
  readonly #verdict = element("p", { class: "verdict", "aria-hidden": "true" });
  readonly #spoken = element("p", { class: "unseen", role: "status" });
  readonly #bars = new Bars(
    "Chance of each digit",
    Array.from({ length: 10 }, (_, digit) => String(digit)),
  );
  readonly #seen = new Seen(28);
  readonly #time = element("p", { class: "quiet figures" });
  readonly #about = element("p", { class: "quiet" });
  #pending: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    const caption = "What the network sees: 28 × 28 pixels, cropped, centred";
    this.answer = element(
      "section",
      { class: "card answer reading", "aria-label": "What the network reads" },
      element("div", {}, this.#digit, this.#verdict),
      element("figure", { class: "view" }, this.#seen.root, element("figcaption", { class: "quiet" }, caption)),
      this.#spoken,
    );
    this.details = element(
      "section",
      { class: "card chances stack", "aria-label": "How sure it is" },
      this.#bars.root,
      this.#time,
      this.#about,
    );
  }

  wait(): void {
    this.#say("…", "Loading the network …");
    this.answer.setAttribute("aria-busy", "true");
  }

  ready(about: string): void {
    this.answer.removeAttribute("aria-busy");
    this.#about.textContent = about;
    this.#say("", "Nothing drawn");
  }

  fail(message: string): void {
    this.answer.removeAttribute("aria-busy");
    this.#say("", message);
  }

  /** Whether what is shown is of the drawing as it is now. */
  set abreast(abreast: boolean) {
    this.answer.dataset.reading = abreast ? "abreast" : "behind";
  }

  show(outcome: Outcome): void {
    if (outcome.kind === "recognized") this.#showDigit(outcome);
    else {
      this.#say("", "Nothing drawn");
      this.#bars.show(null);
      this.#seen.show("nothing", () => grey(0));
      this.#time.textContent = "";
    }
  }

  #showDigit({ chances, seen, preparation, milliseconds }: Recognized): void {
    const digit = largest(chances);
    this.#bars.show(chances);
    this.#say(String(digit), `${inPercent(chances[digit]!)} sure`);
    this.#seen.show("the digit in 28 by 28 pixels", (pixel) => grey(seen[pixel]!));
    this.#time.textContent = `Cropped and centred in ${preparation.toFixed(1)} ms, read in ${milliseconds.toFixed(1)} ms, on one thread.`;
  }

  #say(digit: string, verdict: string): void {
    this.#digit.textContent = digit;
    this.#verdict.textContent = verdict;
    clearTimeout(this.#pending);
    const words = /^\d$/.test(digit) ? `It reads a ${digit}, ${verdict}` : verdict;
    this.#pending = setTimeout(() => {
      this.#spoken.textContent = words;
    }, QUIET_MS);
  }
}

/** Ink from 0 to 1, white on black. */
function grey(ink: number): Colour {
  const value = Math.round(255 * ink);
  return [value, value, value];
}
