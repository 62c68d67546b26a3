// SVG to PNG, with the bundled fonts alone.
import { Resvg } from "@resvg/resvg-js";
import { pictureFonts } from "./fonts.ts";
import { families, ink } from "./style.ts";

export interface Raster {
  /** Pixels for each point of the SVG; 2 by default. */
  scale?: number;
}

/** Draws an SVG of this package as PNG, on white. */
export function pngOfSvg(svg: string, { scale = 2 }: Raster = {}): Uint8Array {
  if (!(scale > 0 && scale <= 20)) throw new RangeError(`PNG: scale is ${scale}, expected above 0, at most 20`);
  const drawing = new Resvg(svg, {
    font: { loadSystemFonts: false, fontFiles: [...pictureFonts], defaultFontFamily: families.sans },
    fitTo: { mode: "zoom", value: scale },
    background: ink.paper,
  });
  return new Uint8Array(drawing.render().asPng());
}
