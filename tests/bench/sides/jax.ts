// jax-js on its wasm backend: one thread in Node.
import { peerVersion, requirePeer } from "../peers.ts";
import { factors } from "./inputs.ts";
import { type Request, serve, type Task } from "./serve.ts";

interface JaxArray {
  /** Every use consumes a reference; this makes one more. */
  readonly ref: JaxArray;
  reshape(shape: readonly number[]): JaxArray;
  blockUntilReady(): Promise<JaxArray>;
  data(): Promise<Float32Array>;
  dispose(): void;
}

interface Jax {
  init(...devices: string[]): Promise<string[]>;
  defaultDevice(device: string): string;
  numpy: { array(values: Float32Array): JaxArray; matmul(a: JaxArray, b: JaxArray): JaxArray };
}

const jax = requirePeer<Jax>("@jax-js/jax");
await jax.init("wasm");
jax.defaultDevice("wasm");
const np = jax.numpy;

function matmul({ size }: Request): Task {
  const n = Number(size);
  const { a, b } = factors(n);
  const left = np.array(a).reshape([n, n]);
  const right = np.array(b).reshape([n, n]);
  const product = () => np.matmul(left.ref, right.ref);
  return {
    value: async () => (await product().data())[(n - 1) * n + n - 1]!,
    run: async () => {
      const result = product();
      await result.blockUntilReady();
      result.dispose();
    },
  };
}

await serve(
  { name: "jax-js wasm", version: peerVersion("@jax-js/jax"), threads: 1, settings: "SIMD, no threads in Node" },
  { matmul },
);
