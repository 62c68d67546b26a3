// Start, pause, go on, stop: the buttons of a training. Who uses the keyboard keeps the focus on one that can be used.
import { element } from "../../shell/element.ts";
import type { Phase } from "../trainer.ts";

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
    const busy = ["preparing", "training", "paused", "stopping"].includes(phase);
    this.#paused = phase === "paused";
    this.#start.textContent = beginsWithFile ? "Train the loaded model" : "Start training";
    this.#pause.textContent = this.#paused ? "Resume" : "Pause";
    const focused = document.activeElement;
    this.#start.disabled = busy;
    this.#pause.disabled = phase !== "training" && phase !== "paused";
    this.#stop.disabled = !busy || phase === "stopping";
    // A button that can't be used any more would keep the keys to itself.
    if (focused === this.#start && busy && !this.#stop.disabled) this.#stop.focus();
    if ((focused === this.#pause || focused === this.#stop) && !busy) this.#start.focus();
  }
}
