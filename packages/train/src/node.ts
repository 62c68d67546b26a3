// @lanewise/train/node: checkpoints as files, written aside and renamed.
import { readFile, rm } from "node:fs/promises";
import { writeAside } from "@lanewise/io/node";
import type { CheckpointStore } from "./checkpoint/checkpoint.ts";

/** The checkpoint at `path`; its folder must exist. */
export function checkpointFile(path: string): CheckpointStore {
  return {
    label: path,
    read: () =>
      readFile(path).catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return null;
        throw error;
      }),
    write: (bytes) => writeAside(path, bytes),
    remove: () => rm(path, { force: true }),
  };
}
