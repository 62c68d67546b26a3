// CIFAR-10 out of a folder (or an address): its six binary files, or the sample's two, zipped or not.
import { collect, unzipped } from "../bytes.ts";
import { Dataset } from "../dataset.ts";
import { describeExamples } from "../find/find-data.ts";
import type { Place } from "../platform/platform.ts";
import {
  type Catalog,
  CHANNELS,
  CLASS_NAMES,
  MAX_FILE_BYTES,
  PARTS,
  type Part,
  type PartFiles,
  SIDE,
} from "./files.ts";
import { Records, recordCount } from "./records.ts";

/** Images as bytes, [32, 32, 3]. */
export type CifarDataset = Dataset<readonly [32, 32, 3], "u8">;

export interface CifarParts {
  train: CifarDataset;
  test: CifarDataset;
}

/** What a folder holds, and whether each part is the published one, in whatever order. */
export interface FoundCifar extends CifarParts {
  published: Record<Part, boolean>;
}

/**
 * Reads CIFAR-10 at `place`; undefined where there is none of its files. Some of them without the others is an error, and
 * so is a file that is there and damaged: nothing else is taken in its stead.
 */
export async function readCifar(place: Place, origin: string, catalog: Catalog): Promise<FoundCifar | undefined> {
  for (const names of [(part: PartFiles) => part.files, (part: PartFiles) => [part.sample]]) {
    const wanted = PARTS.flatMap((part) => names(catalog.files[part]));
    const files = new Map<string, Uint8Array>();
    for (const name of wanted) {
      const file = await readFile(place, name);
      if (file !== undefined) files.set(name, file);
    }
    if (files.size === 0) continue;
    const missing = wanted.filter((name) => !files.has(name));
    if (missing.length > 0) {
      throw new Error(
        `${place.name} has only a part of CIFAR-10; missing: ${missing.join(", ")} (or the same with .gz)`,
      );
    }
    const make = async (part: Part): Promise<{ dataset: CifarDataset; published: boolean }> => {
      const inPart = names(catalog.files[part]).map((name) => [`${place.name}: ${name}`, files.get(name)!] as const);
      return toDataset(part, catalog.files[part], inPart, origin);
    };
    const [train, test] = [await make("train"), await make("test")];
    return {
      train: train.dataset,
      test: test.dataset,
      published: { train: train.published, test: test.published },
    };
  }
  return undefined;
}

async function readFile(place: Place, name: string): Promise<Uint8Array | undefined> {
  const source = (await place.read(name)) ?? (await place.read(`${name}.gz`));
  if (source === undefined) return undefined;
  const label = `${place.name}: ${name}`;
  return collect(unzipped(source, label), label, MAX_FILE_BYTES);
}

/** Compares the fingerprint with the pinned ones, so that a source never claims to be what it is not. */
async function toDataset(
  part: Part,
  names: PartFiles,
  files: readonly (readonly [label: string, bytes: Uint8Array])[],
  origin: string,
): Promise<{ dataset: CifarDataset; published: boolean }> {
  const counts = files.map(([label, bytes]) => recordCount(bytes, label));
  const count = counts.reduce((sum, each) => sum + each, 0);
  const records = new Records(count);
  let from = 0;
  for (const [i, [label, bytes]] of files.entries()) {
    records.fill(bytes, from, label);
    from += counts[i]!;
  }
  const fingerprint = await records.fingerprint();
  const isSample = fingerprint === names.sampleFingerprint;
  const proved = isSample ? "sample" : fingerprint === names.fingerprint ? "whole" : "neither";
  const dataset: CifarDataset = new Dataset({
    raw: records.raw,
    labels: records.labels,
    shape: [SIDE, SIDE, CHANNELS],
    dtype: "u8",
    classNames: CLASS_NAMES,
    source: `${describeExamples("CIFAR-10", part, count, proved)}, ${origin}`,
    sha256: await records.hash(),
    isSample,
  });
  return { dataset, published: proved === "whole" };
}
