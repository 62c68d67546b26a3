// Bars of probabilities, one a class; in words for those who do not see them.
import { element } from "./element.ts";

interface Row {
  readonly item: HTMLElement;
  readonly fill: HTMLElement;
  readonly share: HTMLElement;
}

export class Bars {
  readonly root: HTMLElement;
  #rows: readonly Row[] = [];

  /** @param label what the bars tell, for a screen reader */
  constructor(label: string, names: readonly string[]) {
    this.root = element("ul", { class: "bars", "aria-label": label });
    this.name(names);
  }

  /** Other classes. */
  name(names: readonly string[]): void {
    this.#rows = names.map((name) => {
      const fill = element("div", { class: "fill" });
      const share = element("span", { class: "share" }, "–");
      const track = element("div", { class: "track", "aria-hidden": "true" }, fill);
      return { item: element("li", {}, element("span", { class: "name" }, name), track, share), fill, share };
    });
    this.root.replaceChildren(...this.#rows.map(({ item }) => item));
  }

  /** Null: nothing is known. */
  show(chances: ArrayLike<number> | null): void {
    const best = chances === null ? -1 : largest(chances);
    for (const [at, { item, fill, share }] of this.#rows.entries()) {
      const chance = chances?.[at] ?? 0;
      item.classList.toggle("best", at === best);
      fill.style.setProperty("--share", chance.toFixed(4));
      share.textContent = chances === null ? "–" : inPercent(chance);
    }
  }
}

/** Where the largest is. */
export function largest(values: ArrayLike<number>): number {
  let best = 0;
  for (let at = 1; at < values.length; at++) if (values[at]! > values[best]!) best = at;
  return best;
}

/** Never "100 %" or "0 %" of what is neither certain nor impossible. */
export function inPercent(chance: number): string {
  if (chance > 0.995 && chance < 1) return "> 99 %";
  if (chance > 0 && chance < 0.005) return "< 1 %";
  return `${Math.round(100 * chance)} %`;
}
