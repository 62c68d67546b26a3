// @lanewise/train/page: training in a worker of a page, and checkpoints in the origin's private file system.
import type { CheckpointStore } from "./checkpoint/checkpoint.ts";

export type { Port } from "./worker/messages.ts";
export { type RemoteHooks, RemoteTraining } from "./worker/remote.ts";
export { type Answers, type ServedTraining, serveTraining } from "./worker/serve.ts";

/**
 * A checkpoint in the origin's private file system, which survives the page and is nobody else's. Works in a worker and on
 * the page's own thread. What is written takes the old content's place when it is whole.
 *
 * @param path folders and a name: "demo/mnist.npz"
 */
export function privateFile(path: string): CheckpointStore {
  const parts = path.split("/");
  const name = parts.pop()!;
  return {
    label: `the private file ${path}`,
    async read() {
      try {
        const handle = await (await folder(parts, false)).getFileHandle(name);
        const bytes = new Uint8Array(await (await handle.getFile()).arrayBuffer());
        // A page that ended during its first write leaves an empty file.
        return bytes.length === 0 ? null : bytes;
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    },
    async write(bytes) {
      const handle = await (await folder(parts, true)).getFileHandle(name, { create: true });
      const writable = await handle.createWritable();
      try {
        await writable.write(bytes);
      } catch (error) {
        await writable.abort();
        throw error;
      }
      await writable.close();
    },
    async remove() {
      try {
        await (await folder(parts, false)).removeEntry(name);
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
    },
  };
}

async function folder(path: readonly string[], create: boolean): Promise<FileSystemDirectoryHandle> {
  const storage = (globalThis.navigator as Navigator | undefined)?.storage as StorageManager | undefined;
  if (storage?.getDirectory === undefined) {
    throw new Error(
      "privateFile: this page has no private file system; it needs https (or localhost), and a browser with " +
        "navigator.storage.getDirectory",
    );
  }
  let found = await storage.getDirectory();
  for (const name of path) found = await found.getDirectoryHandle(name, { create });
  return found;
}

function isMissing(error: unknown): boolean {
  return error instanceof DOMException && error.name === "NotFoundError";
}
