// A checkpoint: all that a run needs to go on as if it had never stopped, in one .npz that NumPy reads too.
import { type NamedArrays, npz } from "@lanewise/io";
import { explainBackend } from "@lanewise/tensor";
import manifest from "../../package.json" with { type: "json" };
import type { Metrics, RunProgress } from "../progress.ts";
import { differences } from "./differences.ts";
import { checkProgress } from "./progress-check.ts";
import { decodeState, encodeState, type Json, type StateTree } from "./state-tree.ts";

/** Where a checkpoint lies: one file, which a write replaces whole or not at all. */
export interface CheckpointStore {
  /** What messages call it: a path. */
  readonly label: string;
  /** Null where there is none. */
  read(): Promise<Uint8Array | null>;
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  remove(): Promise<void>;
}

/** What computes: a run goes on to the bit only under the same binary. */
export interface CheckpointBackend {
  readonly mode: "strict" | "fast";
  readonly binary: "strict" | "fast";
  readonly turbo: boolean;
}

export interface Checkpoint<M extends Metrics = Metrics> {
  readonly label: string;
  readonly backend: CheckpointBackend;
  /** The version of the library that wrote it. */
  readonly version: string;
  /** What the run began with, as it was given. */
  readonly settings: StateTree;
  /** What says which data it trains on, as it was given. */
  readonly data: StateTree;
  readonly progress: RunProgress<M>;
  /** Whether its last step is made. */
  readonly finished: boolean;
  /** The state of each part by its name. */
  readonly parts: ReadonlyMap<string, StateTree>;
}

/** What a run writes, the backend apart, which is asked. */
export type CheckpointContent = Pick<Checkpoint, "settings" | "data" | "progress" | "parts">;

const FORMAT = "lanewise checkpoint";
/** Raised when an older reader would go wrong. */
const FORMAT_VERSION = 1;
/** The array that holds the JSON, as bytes. */
const HEADER = "checkpoint";

/** The bytes of a checkpoint. */
export function encodeCheckpoint({ settings, data, progress, parts }: CheckpointContent): Uint8Array<ArrayBuffer> {
  const nothing = { dtype: "u8", shape: [0], data: new Uint8Array() } as const;
  // Its name is taken before any part's arrays get theirs.
  const arrays: NamedArrays = new Map([[HEADER, nothing]]);
  const header = {
    format: FORMAT,
    formatVersion: FORMAT_VERSION,
    version: manifest.version,
    backend: backendNow(),
    settings: encodeState("settings", settings, arrays),
    data: encodeState("data", data, arrays),
    progress: encodeState("progress", progress, arrays),
    parts: [...parts].map(([name, state]) => [name, encodeState(name, state, arrays)]),
  };
  const bytes = new TextEncoder().encode(JSON.stringify(header));
  arrays.set(HEADER, { dtype: "u8", shape: [bytes.length], data: bytes });
  // Weights hardly shrink, and a run should not wait for it.
  return npz.write(arrays, { compress: false });
}

/** Reads a checkpoint; what is none, or of a later format, is refused by name. */
export function decodeCheckpoint<M extends Metrics = Metrics>(
  bytes: Uint8Array,
  label = "the checkpoint",
): Checkpoint<M> {
  const arrays = npz.read(bytes, { label });
  const header = headerOf(arrays, label);
  try {
    const progress = checkProgress<M>(decodeState(header.progress as Json, arrays));
    if (!Array.isArray(header.parts)) throw new Error("it names no parts");
    const parts = (header.parts as [string, Json][]).map(
      ([name, state]) => [name, decodeState(state, arrays)] as const,
    );
    return {
      label,
      backend: checkBackend(header.backend),
      version: String(header.version),
      settings: decodeState(header.settings as Json, arrays),
      data: decodeState(header.data as Json, arrays),
      progress,
      finished: progress.step >= progress.steps,
      parts: new Map(parts),
    };
  } catch (cause) {
    throw new Error(`${label} is damaged: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

/** The checkpoint that lies in `store`, or null. */
export async function readCheckpoint<M extends Metrics = Metrics>(
  store: CheckpointStore,
): Promise<Checkpoint<M> | null> {
  const bytes = await store.read();
  return bytes === null ? null : decodeCheckpoint<M>(bytes, store.label);
}

/** Refuses to go on from a checkpoint that is not of this run, and says what differs. */
export function checkSameRun(
  checkpoint: Checkpoint,
  here: { settings: StateTree; data: StateTree; steps: number },
): void {
  const { mode, binary } = checkpoint.backend;
  const now = backendNow();
  const found = [
    ...differences(checkpoint.settings, here.settings),
    ...differences({ data: checkpoint.data }, { data: here.data }),
    ...differences({ mode, binary }, { mode: now.mode, binary: now.binary }),
  ];
  if (found.length === 0) found.push(...differences({ steps: checkpoint.progress.steps }, { steps: here.steps }));
  if (found.length > 0) {
    throw new Error(`${checkpoint.label} is of another run:\n${found.map((each) => `  ${each}`).join("\n")}`);
  }
}

function backendNow(): CheckpointBackend {
  const { mode, binary, turbo } = explainBackend();
  return { mode, binary, turbo };
}

function headerOf(arrays: NamedArrays, label: string): Readonly<Record<string, unknown>> {
  const array = arrays.get(HEADER);
  let header: unknown;
  try {
    header = array?.dtype === "u8" ? JSON.parse(new TextDecoder().decode(array.data)) : undefined;
  } catch {
    header = undefined;
  }
  const { format, formatVersion } = (header ?? {}) as Record<string, unknown>;
  if (format !== FORMAT) throw new Error(`${label} is no checkpoint: its array '${HEADER}' does not say so`);
  if (formatVersion !== FORMAT_VERSION) {
    throw new Error(
      `${label} is a checkpoint of format ${String(formatVersion)}, expected ${FORMAT_VERSION}; go on with the version of ` +
        "Lanewise that wrote it, or begin anew",
    );
  }
  return header as Readonly<Record<string, unknown>>;
}

function checkBackend(backend: unknown): CheckpointBackend {
  const { mode, binary, turbo } = (backend ?? {}) as Record<string, unknown>;
  const kinds: readonly unknown[] = ["strict", "fast"];
  if (!kinds.includes(mode) || !kinds.includes(binary) || typeof turbo !== "boolean") {
    throw new Error("it does not say which binary computed");
  }
  return { mode, binary, turbo } as CheckpointBackend;
}
