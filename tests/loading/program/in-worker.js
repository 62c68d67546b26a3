// A module worker of a page, which trains itself.
import { train } from "./program.js";

self.onmessage = async ({ data }) => {
  self.postMessage(await train(data).catch((error) => ({ error: String(error) })));
};
