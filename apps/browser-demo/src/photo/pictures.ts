// Pictures from files, the clipboard, and the sheet of test images: as pixels, whatever the browser can decode.

const SHEET = new URL("../../sample/test-images.png", import.meta.url);
const TILE = 32;
const COLUMNS = 5;
/** Of each class in its turn. */
const EACH = 2;

/** Larger photos are made smaller first: the network sees 32 pixels of them. */
const MOST_PIXELS_OF_A_SIDE = 2048;

export interface Picture {
  readonly pixels: ImageData;
  /** What it is called on the page. */
  readonly name: string;
}

export interface TestImage {
  readonly label: number;
  /** Its place on the sheet, in tiles. */
  readonly column: number;
  readonly row: number;
}

export const sheetAddress = SHEET.href;

export const testImages: readonly TestImage[] = Array.from({ length: 20 }, (_, at) => ({
  label: Math.floor(at / EACH),
  column: at % COLUMNS,
  row: Math.floor(at / COLUMNS),
}));

let sheet: Promise<ImageBitmap> | undefined;

/** The pixels of a test image, as they are in the data set. */
export async function testPicture({ column, row }: TestImage, name: string): Promise<Picture> {
  sheet ??= fetch(SHEET)
    .then((response) => response.blob())
    .then((blob) => createImageBitmap(blob, { colorSpaceConversion: "none" }));
  const context = contextOf(TILE, TILE);
  context.drawImage(await sheet, -column * TILE, -row * TILE);
  return { pixels: context.getImageData(0, 0, TILE, TILE), name };
}

/** The picture in a file; throws, in words, where the browser cannot read it as one. */
export async function pictureOf(file: File | Blob): Promise<Picture> {
  const name = file instanceof File && file.name !== "" ? file.name : "the picture";
  let decoded: ImageBitmap;
  try {
    decoded = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    throw new Error(
      `${name} could not be read as a picture${file.type === "" ? "" : ` (${file.type})`}. JPEG, PNG, WebP, GIF and AVIF can be.`,
    );
  }
  const scale = Math.min(1, MOST_PIXELS_OF_A_SIDE / Math.max(decoded.width, decoded.height));
  const [width, height] = [decoded.width, decoded.height].map((size) => Math.max(1, Math.round(size * scale)));
  const context = contextOf(width!, height!);
  context.imageSmoothingQuality = "high";
  context.drawImage(decoded, 0, 0, width!, height!);
  decoded.close();
  return { pixels: context.getImageData(0, 0, width!, height!), name };
}

/** The first picture among what was dropped or pasted. */
export function pictureFile(transfer: DataTransfer | null): File | undefined {
  return [...(transfer?.files ?? [])].find(({ type }) => type.startsWith("image/")) ?? transfer?.files[0];
}

function contextOf(width: number, height: number): CanvasRenderingContext2D {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  return canvas.getContext("2d", { willReadFrequently: true })!;
}
