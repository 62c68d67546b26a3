// The switch of colours: as the system has them, light, or dark; kept for the next visit.
import { element, svg } from "./element.ts";

const KEY = "lanewise-colours";
const choices = [
  { value: "system", name: "As the system", path: "M16 6a10 10 0 1 0 0 20ZM16 6a10 10 0 0 1 0 20" },
  {
    value: "light",
    name: "Light",
    path: "M16 11a5 5 0 1 0 0 10 5 5 0 0 0 0-10ZM16 3v3M16 26v3M3 16h3M26 16h3M7 7l2 2M23 23l2 2M7 25l2-2M23 9l2-2",
  },
  { value: "dark", name: "Dark", path: "M25 19.5A10 10 0 0 1 12.5 7 9.6 9.6 0 1 0 25 19.5Z" },
] as const;
type Choice = (typeof choices)[number]["value"];

/** Tells pages that draw on a canvas that colours are others now. */
export const COLOURS_CHANGED = "lanewise-colours-changed";

export function mountColours(root: HTMLElement): void {
  const group = element("fieldset", { class: "segments small" }, element("legend", { class: "unseen" }, "Colours"));
  for (const { value, name, path } of choices) {
    const input = element("input", {
      type: "radio",
      name: "colours",
      value,
      checked: value === chosen(),
      onchange: () => choose(value),
    });
    group.append(element("label", { title: name }, input, icon(path), element("span", { class: "unseen" }, name)));
  }
  root.append(group);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () =>
    dispatchEvent(new Event(COLOURS_CHANGED)),
  );
}

function chosen(): Choice {
  const { colours } = document.documentElement.dataset;
  return colours === "light" || colours === "dark" ? colours : "system";
}

function choose(choice: Choice): void {
  if (choice === "system") delete document.documentElement.dataset.colours;
  else document.documentElement.dataset.colours = choice;
  try {
    if (choice === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, choice);
  } catch {
    // It holds for this visit then.
  }
  dispatchEvent(new Event(COLOURS_CHANGED));
}

function icon(path: string): SVGSVGElement {
  return svg("svg", { viewBox: "0 0 32 32", "aria-hidden": "true" }, svg("path", { d: path }));
}
