// The page that reads a digit while it is drawn.
import { prepareNetwork } from "../recognition/recognizer.ts";
import { element } from "../shell/element.ts";
import { notice } from "../shell/notice.ts";
import { Board } from "./board.ts";
import type { Colours } from "./drawing.ts";
import { Reader } from "./reader.ts";
import { Reading } from "./reading.ts";

const papers: readonly (Colours & { readonly name: string })[] = [
  { name: "Ink on paper", ink: "#1b2a55", ground: "#fffdf6" },
  { name: "Chalk on slate", ink: "#f5f2e7", ground: "#27343d" },
  { name: "Red on straw", ink: "#b3261e", ground: "#f3e2b8" },
  { name: "Lime on violet", ink: "#d4f25a", ground: "#43246b" },
];

const pens = [
  { name: "Thin", width: 0.045 },
  { name: "Medium", width: 0.075 },
  { name: "Thick", width: 0.11 },
] as const;

export function mount(root: HTMLElement): () => void {
  const reading = new Reading();
  const words = element("p", { class: "unseen", role: "status" });
  const reader = new Reader(() => board.snapshot(), reading);
  const undo = element("button", { type: "button", disabled: true, onclick: () => board.undo() }, "Undo");
  const clear = element("button", { type: "button", disabled: true, onclick: () => board.clear() }, "Clear");
  const board = new Board({
    colours: papers[0]!,
    width: pens[1].width,
    onChange: () => {
      const pressed = document.activeElement === undo || document.activeElement === clear;
      undo.disabled = clear.disabled = board.empty;
      // A button that can no longer be pressed would lose the focus to nowhere.
      if (pressed && board.empty) board.root.focus({ preventScroll: true });
      reader.look();
    },
    say: (text) => {
      words.textContent = text;
    },
  });
  const paper = choice("Paper", papers, 0, (each) => {
    board.colours = each;
  });
  const pen = choice("Pen", pens, 1, ({ width }) => {
    board.width = width;
  });
  for (const [at, swatch] of [...paper.querySelectorAll<HTMLElement>(".swatch")].entries()) {
    swatch.style.setProperty("--ink", papers[at]!.ink);
    swatch.style.setProperty("--ground", papers[at]!.ground);
  }
  const keys = element(
    "details",
    { class: "keys quiet" },
    element("summary", {}, "Draw with the keyboard"),
    element(
      "p",
      { id: "draw-keys" },
      "Go to the board with Tab. Arrow keys move the pen, Space lowers and lifts it, Backspace undoes, Delete clears.",
    ),
  );
  const easel = element(
    "div",
    { class: "easel stack" },
    board.root,
    element(
      "div",
      { class: "row between" },
      element("div", { class: "row" }, undo, clear),
      element("div", { class: "row" }, pen, paper),
    ),
    keys,
    words,
  );
  root.append(element("div", { class: "sheet" }, reading.answer, easel, reading.details));

  const start = async () => {
    reading.wait();
    try {
      const { about } = await prepareNetwork("digits");
      reading.ready(about);
      reader.start();
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      reading.fail("No network");
      const again = () => {
        message.remove();
        void start();
      };
      const message = notice("The network that reads digits could not be loaded.", { detail, again });
      root.prepend(message);
    }
  };
  void start();
  return () => reader.end();
}

/** One of a few, by radio buttons; those with colours show them. */
function choice<C extends { readonly name: string }>(
  legend: string,
  options: readonly C[],
  first: number,
  choose: (option: C) => void,
): HTMLElement {
  const kind = legend.toLowerCase();
  const labels = options.map((option, at) =>
    element(
      "label",
      { title: option.name },
      element("input", { type: "radio", name: kind, checked: at === first, onchange: () => choose(option) }),
      element("span", { class: kind === "paper" ? "swatch" : `nib nib-${at}`, "aria-hidden": "true" }),
      element("span", { class: "unseen" }, option.name),
    ),
  );
  return element("fieldset", { class: "segments small" }, element("legend", { class: "unseen" }, legend), ...labels);
}
