// Has the network read along: one picture at a time, and the newest when it is free again.
import type { PixelImage } from "lanewise/data";
import { recognize } from "../recognition/recognizer.ts";
import type { Reading } from "./reading.ts";

export class Reader {
  readonly #snapshot: () => PixelImage;
  readonly #reading: Reading;
  #state: "waiting" | "free" | "busy" | "ended" = "waiting";
  #changed = false;

  /** @param snapshot the picture as it is now */
  constructor(snapshot: () => PixelImage, reading: Reading) {
    this.#snapshot = snapshot;
    this.#reading = reading;
  }

  /** The network is there. */
  start(): void {
    if (this.#state !== "waiting") return;
    this.#state = "free";
    this.look();
  }

  /** The picture is another. */
  look(): void {
    this.#changed = true;
    this.#reading.abreast = false;
    if (this.#state === "free") void this.#read();
  }

  end(): void {
    this.#state = "ended";
  }

  async #read(): Promise<void> {
    this.#state = "busy";
    while (this.#changed && this.#state === "busy") {
      this.#changed = false;
      try {
        this.#reading.show(await recognize("digits", this.#snapshot()));
      } catch (error) {
        this.#reading.fail(error instanceof Error ? error.message : String(error));
      }
    }
    if (this.#state !== "busy") return;
    this.#state = "free";
    this.#reading.abreast = true;
  }
}
