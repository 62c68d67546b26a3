// What a file says beside its tensors: JSON in the folder that PyTorch keeps for files that it does not look at.
import { DEFAULT_MAX_BYTES, type ReadOptions, requireBytes } from "../arrays.ts";
import { readZip } from "../zip/read.ts";

/** Any JSON object: what the network is, what it takes, what its classes are called. */
export type PtMetadata = { readonly [name: string]: unknown };

/** In the zip's folder; torch.jit.save puts its `_extra_files` there too. */
export const METADATA = "extra/lanewise.json";

/** The metadata that `writePt` was given; null where the file has none. */
export function readPtMetadata(
  bytes: Uint8Array,
  options: Pick<ReadOptions, "maxBytes" | "label"> = {},
): PtMetadata | null {
  requireBytes(bytes, "readPtMetadata");
  const { label = "the file", maxBytes = DEFAULT_MAX_BYTES } = options;
  const member = readZip(bytes, label, maxBytes).find(({ name }) => name.endsWith(`/${METADATA}`));
  if (member === undefined) return null;
  const text = new TextDecoder().decode(member.bytes);
  const metadata = parsed(text);
  if (typeof metadata === "object" && metadata !== null && !Array.isArray(metadata)) return metadata as PtMetadata;
  throw new TypeError(`${label}: ${METADATA} begins with ${text.slice(0, 40)}; expected an object as JSON`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
