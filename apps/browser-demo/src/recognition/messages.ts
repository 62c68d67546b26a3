// What the page and the worker that recognizes say to each other.
import type { PixelImage } from "lanewise/data";

/** The networks that recognize. */
export type NetworkName = "digits" | "photos";

/** From the page: an image to recognize, or null to have the network ready. */
export interface Order {
  readonly id: number;
  readonly network: NetworkName;
  readonly image: PixelImage | null;
}

export interface Recognized {
  readonly kind: "recognized";
  /** By class. */
  readonly chances: Float32Array;
  /** What the network sees: ink from 0 to 1, or bytes of red, green and blue. */
  readonly seen: Float32Array | Uint8Array;
  /** Milliseconds from the picture's pixels to what the network sees. */
  readonly preparation: number;
  /** Milliseconds from there to the chances. */
  readonly milliseconds: number;
  /** What is suspicious about the input; null if nothing is. */
  readonly warning: string | null;
}

export interface Ready {
  readonly kind: "ready";
  readonly classes: readonly string[];
  readonly about: string;
}

export type Outcome = Recognized | Ready | { readonly kind: "nothing drawn" };

export type Reply =
  | { readonly id: number; readonly outcome: Outcome }
  | { readonly id: number; readonly error: string };
