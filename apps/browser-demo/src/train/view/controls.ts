// Start, pause, go on, stop: the buttons of a training.
import { element } from "../../shell/element.ts";
import { BUSY, type Phase, RUNNING } from "../trainer.ts";

export interface Orders {
  pause(): void;
  resume(): void;
  stop(): void;
}

export class Controls {
  readonly #start = element("button", { type: "submit", class: "main" }, "Start training");
  readonly #pause: HTMLButtonElement;
  readonly #stop: HTMLButtonElement;
  readonly element: HTMLElement;
  #paused = false;

  constructor(orders: Orders) {
    const hold = (): void => (this.#paused ? orders.resume() : orders.pause());
    this.#pause = element("button", { type: "button", onclick: hold }, "Pause");
    this.#stop = element("button", { type: "button", onclick: orders.stop }, "Stop");
    this.element = element("div", { class: "row controls" }, this.#start, this.#pause, this.#stop);
  }

  show(phase: Phase, beginsWithFile: boolean): void {
    this.#paused = phase === "paused";
    this.#start.textContent = beginsWithFile ? "Train the loaded model" : "Start training";
    this.#pause.textContent = this.#paused ? "Resume" : "Pause";
    this.#start.disabled = BUSY.has(phase);
    this.#pause.disabled = !RUNNING.has(phase);
    // While the step in hand ends there is no other button for the focus.
    this.#stop.disabled = !RUNNING.has(phase) && phase !== "stopping";
  }

  /** Takes the focus to a button that can be used: one that can't keeps the keys to itself. */
  focus(): void {
    [this.#start, this.#pause].find((button) => !button.disabled)?.focus();
  }
}
