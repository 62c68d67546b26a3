// What a network sees: its input as a square picture of few pixels, named in words for those who do not see it.
import { element } from "./element.ts";

/** Red, green and blue of a pixel, each from 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

export class Seen {
  readonly root: HTMLCanvasElement;
  readonly #side: number;

  constructor(side: number) {
    this.#side = side;
    this.root = element("canvas", { class: "seen", width: side, height: side, role: "img" });
    this.#tell("nothing yet");
  }

  /** @param what the picture in words */
  show(what: string, colourOf: (pixel: number) => Colour): void {
    this.#tell(what);
    const image = new ImageData(this.#side, this.#side);
    for (let pixel = 0; pixel < this.#side ** 2; pixel++) image.data.set([...colourOf(pixel), 255], 4 * pixel);
    this.root.getContext("2d")!.putImageData(image, 0, 0);
  }

  #tell(what: string): void {
    this.root.setAttribute("aria-label", `What the network sees: ${what}`);
  }
}
