// A tiny data set laid out as CIFAR-10, and its archive, for the tests.
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { packTar } from "modern-tar";
import { type Catalog, CIFAR10, type Part, RECORD_BYTES } from "./files.ts";
import { Records, recordCount } from "./records.ts";

export interface TinyCifar {
  catalog: Catalog;
  /** The six files by name. */
  files: Map<string, Uint8Array>;
  archive: Uint8Array;
}

/** Two records a file, with bytes that are a running number and labels 0, 1, 2, ... */
export async function tinyCifar(
  mirrors: readonly string[],
  extra: Parameters<typeof packTar>[0] = [],
): Promise<TinyCifar> {
  const catalog = structuredClone(CIFAR10);
  catalog.mirrors = mirrors;
  const files = new Map<string, Uint8Array>();
  for (const part of ["train", "test"] as const) {
    for (const name of catalog.files[part].files) files.set(name, twoRecords(files.size));
    catalog.files[part].fingerprint = await fingerprintOf(part, catalog, files);
  }
  const inFolder = [...files].map(([name, body]) => ({
    header: { name: `cifar-10-batches-bin/${name}`, size: body.length },
    body,
  }));
  const readme = { header: { name: "cifar-10-batches-bin/readme.html", size: 4 }, body: "read" };
  const folder = { header: { name: "cifar-10-batches-bin/", type: "directory" as const, size: 0 } };
  const archive = new Uint8Array(gzipSync(await packTar([folder, readme, ...extra, ...inFolder])));
  catalog.archive.sha256 = createHash("sha256").update(archive).digest("hex");
  return { catalog, files, archive };
}

/** Records 2n and 2n + 1: byte i of a record is (i * 31 + (i >> 8) + 7 * record) % 256 but for its label. */
function twoRecords(n: number): Uint8Array {
  return Uint8Array.from({ length: 2 * RECORD_BYTES }, (_, at) => {
    const record = 2 * n + Math.floor(at / RECORD_BYTES);
    const i = at % RECORD_BYTES;
    return i === 0 ? record % 10 : (i * 31 + (i >> 8) + 7 * record) % 256;
  });
}

async function fingerprintOf(part: Part, catalog: Catalog, files: ReadonlyMap<string, Uint8Array>): Promise<string> {
  const contents = catalog.files[part].files.map((name) => files.get(name)!);
  const records = new Records(contents.reduce((sum, file) => sum + recordCount(file, ""), 0));
  for (const [i, file] of contents.entries()) records.fill(file, 2 * i, "");
  return records.fingerprint();
}
