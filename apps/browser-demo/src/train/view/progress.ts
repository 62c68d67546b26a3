// How a training goes: a bar, figures, two charts, and the same epoch by epoch as a table.
import type { EpochRecord } from "lanewise/train";
import { element } from "../../shell/element.ts";
import type { Series } from "../series.ts";
import { describeNetwork, HELD_OUT_IMAGES, TRAINING_IMAGES } from "../settings.ts";
import type { HeldOut, TrainerState } from "../trainer.ts";
import { Chart, type Curve } from "./chart.ts";
import { duration, loss, percent, share, timeLeft, whole } from "./words.ts";

/** Often enough to look alive, and no burden beside the training. */
const REDRAW_MS = 120;

const FIGURES = {
  epoch: "Epoch",
  speed: "Images a second",
  left: "Time left",
  error: "Held-out error",
} as const;
type Figure = keyof typeof FIGURES;

const COLUMNS = ["Epoch", "Loss", "Error", "Held-out loss", "Held-out error", "Images a second"];

export class ProgressView {
  readonly element: HTMLElement;
  readonly #status = element("h2", {}, "");
  readonly #bar = element("progress", { max: 1, value: 0, "aria-label": "Steps made" });
  readonly #figures = new Map<Figure, HTMLElement>();
  readonly #loss = new Chart({ title: "Loss", format: loss, least: 1e-4 });
  readonly #error = new Chart({ title: "Error", format: percent, least: 1e-3 });
  readonly #rows = element("tbody");
  readonly #how = element("p", { class: "quiet" });
  #begun: { readonly step: number; readonly seconds: number } | undefined;
  #shown: readonly EpochRecord<HeldOut>[] | undefined;
  #next: TrainerState | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    const list = element("dl", { class: "tiles figures" });
    for (const [figure, name] of Object.entries(FIGURES)) {
      const value = element("dd", {}, "–");
      this.#figures.set(figure as Figure, value);
      list.append(element("div", {}, element("dt", {}, name), value));
    }
    const head = element("tr", {}, ...COLUMNS.map((name) => element("th", { scope: "col" }, name)));
    const caption = element("caption", { class: "unseen" }, "Figures by epoch");
    const table = element("table", { class: "figures" }, caption, element("thead", {}, head), this.#rows);
    const scrolled = element(
      "div",
      { class: "scrolled", tabindex: 0, role: "region", "aria-label": "Figures by epoch" },
      table,
    );
    this.element = element(
      "section",
      { class: "card stack progress", "aria-label": "Progress" },
      this.#status,
      this.#bar,
      list,
      element("div", { class: "charts" }, this.#loss.element, this.#error.element),
      element("details", {}, element("summary", {}, "Figures as a table"), scrolled),
      this.#how,
      element(
        "p",
        { class: "quiet" },
        `Trained on ${whole(TRAINING_IMAGES)} images of the MNIST sample; ${whole(HELD_OUT_IMAGES)} others are held out, and ` +
          "the curves show both. The test images are read once, at the end of a run. (Y. LeCun, C. Cortes, C. Burges; CC BY-SA 3.0)",
      ),
    );
  }

  /** Draws the first state at once, so that nothing is ever empty; then soon, of quick changes only the last. */
  show(state: TrainerState): void {
    if (state.step === null) this.#begun = undefined;
    else this.#begun ??= state.step;
    if (this.#shown === undefined) {
      this.#draw(state);
      return;
    }
    const isFirst = this.#next === undefined;
    this.#next = state;
    if (!isFirst) return;
    this.#timer = setTimeout(() => {
      const latest = this.#next!;
      this.#next = undefined;
      this.#draw(latest);
    }, REDRAW_MS);
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  #draw(state: TrainerState): void {
    const { step, history, curves, settings } = state;
    this.#status.textContent = statusOf(state);
    const done = step === null ? 0 : step.step / step.steps;
    if (state.phase === "preparing" || state.phase === "loading") this.#bar.removeAttribute("value");
    else this.#bar.value = state.phase === "finished" ? 1 : done;
    this.#showFigures(state);
    this.#how.textContent = howItRuns(state);
    const epochs = settings?.epochs ?? 10;
    this.#loss.show(
      pair(curves.loss, history, ({ metrics }) => metrics.heldOutLoss),
      epochs,
    );
    this.#error.show(
      pair(curves.error, history, ({ metrics }) => metrics.heldOutError),
      epochs,
    );
    if (history === this.#shown) return;
    this.#shown = history;
    this.#rows.replaceChildren(...history.map(rowOf));
  }

  #showFigures({ phase, step, history, settings }: TrainerState): void {
    const running = phase === "training" || phase === "paused";
    const last = history.at(-1);
    const epochs = settings?.epochs ?? 0;
    const epoch = running ? (step?.epoch ?? 0) : history.length;
    const seconds = step !== null && this.#begun !== undefined && running ? timeLeft(this.#begun, step) : Number.NaN;
    this.#set("epoch", settings === null ? "–" : share(epoch, epochs));
    this.#set("speed", whole((running ? step?.examplesPerSecond : last?.examplesPerSecond) ?? Number.NaN));
    this.#set("left", phase === "finished" ? "none" : duration(seconds));
    this.#set("error", percent(last?.metrics.heldOutError ?? Number.NaN));
  }

  #set(figure: Figure, text: string): void {
    const value = this.#figures.get(figure)!;
    if (value.textContent !== text) value.textContent = text;
  }
}

/** The heading: what happens, and to which network. */
export function statusOf({ phase, settings, loaded, test }: TrainerState): string {
  const network = settings === null ? "" : `, ${describeNetwork(settings)}`;
  switch (phase) {
    case "idle":
      return loaded === null ? "Nothing trained yet" : `Loaded ${loaded.file.name}`;
    case "loading":
      return "Reading the file";
    case "preparing":
      return "Fetching digits, starting threads";
    case "training":
      return `Training${network}`;
    case "paused":
      return `Paused${network}`;
    case "stopping":
      return "Stopping after the step in hand";
    case "stopped":
      return `Stopped${network}`;
    case "failed":
      return "Could not train";
    case "finished":
      return test === null ? `Finished${network}` : `Finished: ${percent(test.wrong / test.images)} test error`;
  }
}

/** The Backend page says why. */
function howItRuns({ backend, keepingProblem }: TrainerState): string {
  const kept = keepingProblem ?? "After each epoch, and when you stop, a checkpoint is kept in this browser.";
  if (backend === null) return kept;
  const threads = backend.threads === 1 ? "one thread" : `${backend.threads} threads`;
  return `Runs the ${backend.binary} kernels on ${threads}, in a worker. ${kept}`;
}

function pair(
  training: Series,
  history: readonly EpochRecord<HeldOut>[],
  of: (record: EpochRecord<HeldOut>) => number,
): readonly Curve[] {
  const heldOut = history.filter(({ complete }) => complete).map((record) => ({ x: record.epoch, y: of(record) }));
  return [
    { name: "training", kind: "line", points: training.points },
    { name: "held out", kind: "dots", points: heldOut },
  ];
}

function rowOf({ epoch, loss: mean, error, examplesPerSecond, metrics, complete }: EpochRecord<HeldOut>): HTMLElement {
  const cells = [
    loss(mean),
    percent(error),
    loss(metrics.heldOutLoss),
    percent(metrics.heldOutError),
    whole(examplesPerSecond),
  ];
  const name = complete ? String(epoch) : `${epoch} (a part)`;
  return element("tr", {}, element("th", { scope: "row" }, name), ...cells.map((cell) => element("td", {}, cell)));
}
