// A tiny data set laid out as MNIST, for the tests.
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { writeIdx } from "../idx.ts";
import { type Catalog, MNIST, type Part } from "./files.ts";

export interface TinyMnist {
  catalog: Catalog;
  /** Every published file by its name: NAME.gz and the two CSV files. */
  published: Map<string, Uint8Array>;
  /** Pixels of each part, for comparison. */
  pixels: Record<Part, Uint8Array>;
}

const sha256 = (...parts: Uint8Array[]): string => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
};

/** Three training and two test images whose pixels are a running number; the hashes are Node's own. */
export function tinyMnist(idxMirrors: readonly string[], csvMirrors: readonly string[] = []): TinyMnist {
  const published = new Map<string, Uint8Array>();
  const catalog: Catalog = { files: structuredClone(MNIST.files), idxSha256: {}, idxMirrors, csvMirrors };
  const pixels = { train: running(3), test: running(2) };
  for (const part of ["train", "test"] as const) {
    const files = catalog.files[part];
    const count = pixels[part].length / 784;
    const labels = Int32Array.from({ length: count }, (_, i) => (i * 7) % 10);
    const idx = {
      [files.images]: writeIdx([count, 28, 28], pixels[part]),
      [files.labels]: writeIdx([count], Uint8Array.from(labels)),
    };
    for (const [name, bytes] of Object.entries(idx)) {
      catalog.idxSha256[name] = sha256(bytes);
      published.set(`${name}.gz`, new Uint8Array(gzipSync(bytes)));
    }
    const rows = Array.from(
      labels,
      (label, i) => `${label},${pixels[part].subarray(i * 784, (i + 1) * 784).join(",")}\n`,
    );
    published.set(files.csv, new TextEncoder().encode(rows.join("")));
    files.sha256 = sha256(pixels[part], new Uint8Array(labels.buffer));
  }
  return { catalog, published, pixels };
}

function running(count: number): Uint8Array {
  return Uint8Array.from({ length: count * 784 }, (_, i) => (i * 31 + (i >> 8)) % 256);
}
