// The drawing board: a canvas for mouse, pen and finger, and a pen that steps over it by keys.
import { element } from "../shell/element.ts";
import { type Colours, Drawing, type Point } from "./drawing.ts";
import { FIELDS, type Field, middleOf, type PenOrder, penOrder, spoken } from "./keyboard.ts";

/** Pixels of the canvas's side, whatever size it has on the screen. */
const SIDE = 448;
/** And of the picture that is read: eight for each that the network sees. */
const READ_SIDE = 224;

export interface BoardOptions {
  readonly colours: Colours;
  /** Of a stroke, in units of the board's side. */
  readonly width: number;
  /** The drawing is another. */
  readonly onChange: () => void;
  /** Something to be spoken by a screen reader. */
  readonly say: (words: string) => void;
}

export class Board {
  readonly root: HTMLElement;
  width: number;
  #colours: Colours;
  readonly #options: BoardOptions;
  readonly #drawing = new Drawing();
  readonly #context: CanvasRenderingContext2D;
  readonly #small = element("canvas", { width: READ_SIDE, height: READ_SIDE }).getContext("2d", {
    willReadFrequently: true,
  })!;
  readonly #cursor = element("div", { class: "cursor", hidden: true });
  readonly #prompt = element("p", { class: "prompt", "aria-hidden": "true" }, "Draw here");
  #pen: { readonly at: Field; readonly down: boolean } = { at: middleField(), down: false };

  constructor(options: BoardOptions) {
    this.#options = options;
    this.#colours = options.colours;
    this.width = options.width;
    const canvas = element("canvas", { width: SIDE, height: SIDE });
    this.#context = canvas.getContext("2d")!;
    this.root = element(
      "div",
      {
        class: "board",
        tabindex: 0,
        role: "application",
        "aria-label": `Drawing board of ${FIELDS} by ${FIELDS} fields`,
        "aria-roledescription": "drawing board",
        "aria-describedby": "draw-keys",
      },
      canvas,
      this.#prompt,
      this.#cursor,
    );
    this.#listen(canvas);
    this.#paint();
  }

  get empty(): boolean {
    return this.#drawing.empty;
  }

  set colours(colours: Colours) {
    this.#colours = colours;
    this.#changed();
  }

  undo(): void {
    this.#drawing.undo();
    this.#lift();
    this.#changed();
  }

  clear(): void {
    this.#drawing.clear();
    this.#lift();
    this.#changed();
  }

  /** The picture as it is seen, in half its size. */
  snapshot(): ImageData {
    this.#small.drawImage(this.#context.canvas, 0, 0, READ_SIDE, READ_SIDE);
    return this.#small.getImageData(0, 0, READ_SIDE, READ_SIDE);
  }

  #changed(): void {
    this.#paint();
    this.#options.onChange();
  }

  #paint(): void {
    this.#drawing.paint(this.#context, this.#colours);
    this.#prompt.hidden = !this.#drawing.empty;
    this.root.style.setProperty("--board-ink", this.#colours.ink);
  }

  #listen(canvas: HTMLCanvasElement): void {
    let active: number | undefined;
    canvas.addEventListener("pointerdown", (event) => {
      if (active !== undefined || event.button !== 0) return;
      active = event.pointerId;
      canvas.setPointerCapture(active);
      this.#cursor.hidden = true;
      this.#drawing.begin(this.width, pointOf(event, canvas));
      this.#changed();
    });
    canvas.addEventListener("pointermove", (event) => {
      if (event.pointerId !== active) return;
      // All that the pen passed since the last event, where the browser keeps it.
      const passed = event.getCoalescedEvents?.() ?? [];
      for (const each of passed.length > 0 ? passed : [event]) this.#drawing.extend(pointOf(each, canvas));
      this.#changed();
    });
    for (const end of ["pointerup", "pointercancel"] as const) {
      canvas.addEventListener(end, (event) => {
        if (event.pointerId === active) active = undefined;
      });
    }
    this.root.addEventListener("keydown", (event) => {
      const order = penOrder(event, this.#pen.at, this.#pen.down);
      if (order === null) return;
      event.preventDefault();
      this.#obey(order);
    });
    this.root.addEventListener("blur", () => {
      this.#lift();
      this.#cursor.hidden = true;
    });
  }

  #obey(order: PenOrder): void {
    if (order.kind === "undo") {
      this.undo();
      this.#options.say("undone");
      return;
    }
    if (order.kind === "clear") {
      this.clear();
      this.#options.say("cleared");
      return;
    }
    const point: Point = { ...middleOf(order.kind === "move" ? order.to : this.#pen.at), thickness: 1 };
    if (order.kind === "pen") {
      if (order.down) this.#drawing.begin(this.width, point);
      this.#pen = { ...this.#pen, down: order.down };
      if (order.down) this.#changed();
    } else {
      this.#pen = { ...this.#pen, at: order.to };
      if (this.#pen.down) {
        this.#drawing.extend(point);
        this.#changed();
      }
    }
    this.#showPen();
    this.#options.say(spoken(this.#pen.at, this.#pen.down));
  }

  #lift(): void {
    this.#pen = { ...this.#pen, down: false };
    this.#showPen(this.#cursor.hidden !== false);
  }

  #showPen(hidden = false): void {
    const { x, y } = middleOf(this.#pen.at);
    this.#cursor.hidden = hidden;
    this.#cursor.classList.toggle("down", this.#pen.down);
    this.#cursor.style.setProperty("--x", `${100 * x}%`);
    this.#cursor.style.setProperty("--y", `${100 * y}%`);
  }
}

function middleField(): Field {
  const middle = Math.floor(FIELDS / 2);
  return { column: middle, row: 3 };
}

function pointOf(event: PointerEvent, canvas: HTMLCanvasElement): Point {
  const { left, top, width, height } = canvas.getBoundingClientRect();
  // A finger has no pressure to tell, a mouse always the same; a pen's middle pressure is the stroke's own width.
  const thickness = event.pointerType === "pen" && event.pressure > 0 ? 0.6 + 0.8 * event.pressure : 1;
  return { x: (event.clientX - left) / width, y: (event.clientY - top) / height, thickness };
}
