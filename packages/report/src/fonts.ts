// The fonts that travel as packages: nothing here asks the system for one.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import opentype, { type Font } from "opentype.js";

const require = createRequire(import.meta.url);

function files(family: string, fileStem: string, faces: readonly string[]): string[] {
  const folder = dirname(require.resolve(`@expo-google-fonts/${family}/package.json`));
  return faces.map((face) => join(folder, face, `${fileStem}_${face}.ttf`));
}

const sans = files("source-sans-3", "SourceSans3", ["400Regular", "400Regular_Italic", "600SemiBold"]);

/** What text in an SVG is drawn with. */
export const pictureFonts: readonly string[] = sans;

/** Folders of every font a document uses. */
export function documentFontFolders(): string[] {
  const serif = ["400Regular", "400Regular_Italic", "700Bold", "700Bold_Italic"];
  const all = [
    ...sans,
    ...files("source-code-pro", "SourceCodePro", ["400Regular"]),
    ...files("stix-two-text", "STIXTwoText", serif),
    ...files("stix-two-math", "STIXTwoMath", ["400Regular"]),
  ];
  return all.map((file) => dirname(file));
}

const parsed = new Map<string, Font>();

function font(file: string): Font {
  let found = parsed.get(file);
  if (found === undefined) {
    const bytes = readFileSync(file);
    found = opentype.parse(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer);
    parsed.set(file, found);
  }
  return found;
}

/** Width of a line of the sans face in points, by its glyphs' advances (kerning, at most a few per cent, left out). */
export function measureText(text: string, size: number, bold = false): number {
  const face = font((bold ? sans[2] : sans[0]) as string);
  let units = 0;
  for (const character of text) units += face.charToGlyph(character).advanceWidth ?? face.unitsPerEm / 2;
  return (units / face.unitsPerEm) * size;
}
