// The worker of the runtimes' tests.
import { type Call, call } from "./call.ts";

self.onmessage = async ({ data }: MessageEvent<Call>) => {
  self.postMessage(await call(data));
};
