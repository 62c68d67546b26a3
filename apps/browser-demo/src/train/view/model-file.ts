// The model as a file: to take it away, to bring one's own, and how Python reads it.
import { element } from "../../shell/element.ts";
import type { Format, ModelFile } from "../run/training.ts";
import { countParameters, describeNetwork } from "../settings.ts";
import { BUSY, type TrainerState } from "../trainer.ts";
import { kibibytes, percent, share, whole } from "./words.ts";

export interface ModelOrders {
  file(format: Format): Promise<Uint8Array<ArrayBuffer>>;
  python(): Promise<string>;
  load(file: ModelFile): void;
  unload(): void;
  tell(problem: string): void;
}

const MOST_BYTES = 2 ** 26;

export class ModelView {
  readonly element: HTMLElement;
  readonly #orders: ModelOrders;
  readonly #what = element("p", {}, "");
  readonly #downloads: readonly HTMLButtonElement[];
  readonly #input: HTMLInputElement;
  readonly #choose: HTMLButtonElement;
  readonly #forget: HTMLButtonElement;
  readonly #code = element("code");
  readonly #python: HTMLDetailsElement;

  constructor(orders: ModelOrders) {
    this.#orders = orders;
    const download = (format: Format, name: string): HTMLButtonElement =>
      element("button", { type: "button", disabled: true, onclick: () => void this.#download(format) }, name);
    this.#downloads = [download("npz", "Download .npz"), download("pt", "Download .pt")];
    this.#input = element("input", {
      type: "file",
      id: "train-file",
      accept: ".npz,.pt,.pth",
      class: "unseen",
      tabindex: -1,
      "aria-hidden": "true",
    });
    this.#input.addEventListener("change", () => void this.#take(this.#input.files?.[0]));
    this.#choose = element("button", { type: "button", onclick: () => this.#input.click() }, "Load a model …");
    this.#forget = element(
      "button",
      { type: "button", hidden: true, onclick: () => this.#forgetFile() },
      "Begin with fresh weights",
    );
    const block = element("pre", { tabindex: 0, role: "region", "aria-label": "Python module" }, this.#code);
    this.#python = element("details", { hidden: true }, element("summary", {}, "The network in PyTorch"), block);
    this.#python.addEventListener("toggle", () => void this.#showPython());
    this.element = element(
      "section",
      { class: "card stack model", "aria-labelledby": "train-model" },
      element("h2", { id: "train-model" }, "The model"),
      this.#what,
      element("div", { class: "row" }, ...this.#downloads, this.#choose, this.#forget, this.#input),
      element(
        "p",
        { class: "quiet" },
        "A .npz opens in NumPy, a .pt in PyTorch. You can load one of this page again, or the p1_model.npz of the MNIST program.",
      ),
      this.#python,
    );
    this.element.addEventListener("dragover", (event) => event.preventDefault());
    this.element.addEventListener("drop", (event) => {
      event.preventDefault();
      void this.#take(event.dataTransfer?.files[0]);
    });
  }

  show(state: TrainerState): void {
    const { model, loaded, test, phase } = state;
    const busy = BUSY.has(phase);
    for (const button of this.#downloads)
      button.disabled = model === null || phase === "preparing" || phase === "loading";
    this.#choose.disabled = busy;
    this.#forget.hidden = loaded === null || busy;
    const had = this.#python.hidden;
    this.#python.hidden = model === null;
    if (model === null && !had) this.#python.open = false;
    this.#set(wordsFor({ model, loaded, test }));
  }

  #set(text: string): void {
    if (this.#what.textContent !== text) this.#what.textContent = text;
  }

  async #download(format: Format): Promise<void> {
    try {
      const bytes = await this.#orders.file(format);
      const address = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
      const link = element("a", { href: address, download: `digits.${format}` });
      link.click();
      // Not at once: the browser reads it after this turn.
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
    } catch (error) {
      this.#orders.tell(`The file could not be made: ${(error as Error).message}`);
    }
  }

  async #take(file: File | undefined): Promise<void> {
    this.#input.value = "";
    if (file === undefined || this.#choose.disabled) return;
    if (file.size > MOST_BYTES) {
      this.#orders.tell(
        `${file.name} has ${kibibytes(file.size)}; no network of this page has more than ${kibibytes(MOST_BYTES)}.`,
      );
      return;
    }
    try {
      this.#orders.load({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) });
    } catch (error) {
      this.#orders.tell(`${file.name} could not be read: ${(error as Error).message}`);
    }
  }

  #forgetFile(): void {
    this.#orders.unload();
    this.#choose.focus();
  }

  async #showPython(): Promise<void> {
    if (!this.#python.open) return;
    try {
      this.#code.textContent = await this.#orders.python();
    } catch (error) {
      this.#code.textContent = (error as Error).message;
    }
  }
}

function wordsFor({ model, loaded, test }: Pick<TrainerState, "model" | "loaded" | "test">): string {
  if (model === null) return "Once a training has begun, its network can be taken away as a file, at any moment.";
  const network = `${describeNetwork(model)}, ${whole(countParameters(model))} weights and biases`;
  const result = loaded?.test ?? test;
  const origin = loaded === null ? "" : `${loaded.file.name}: `;
  if (result == null) return `${origin}${network}.`;
  const errors = `${share(result.wrong, result.images)} test images wrong, ${percent(result.wrong / result.images)}`;
  return `${origin}${network}; ${errors}.${loaded === null ? "" : " The next training begins with it."}`;
}
