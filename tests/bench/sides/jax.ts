// jax-js on its wasm backend: one thread in Node.
import { peerVersion, requirePeer } from "../peers.ts";
import { convolutionInputs, convolutionOf } from "./convolutions.ts";
import { factors } from "./inputs.ts";
import { type Request, serve, type Task } from "./serve.ts";

interface JaxArray {
  /** Every use consumes a reference; this makes one more. */
  readonly ref: JaxArray;
  add(other: JaxArray): JaxArray;
  transpose(axes: readonly number[]): JaxArray;
  reshape(shape: readonly number[]): JaxArray;
  blockUntilReady(): Promise<JaxArray>;
  data(): Promise<Float32Array>;
  dispose(): void;
}

interface Jax {
  init(...devices: string[]): Promise<string[]>;
  defaultDevice(device: string): string;
  lax: {
    convGeneralDilated(
      x: JaxArray,
      filters: JaxArray,
      strides: readonly number[],
      padding: readonly (readonly number[])[],
      options: { featureGroupCount: number },
    ): JaxArray;
  };
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

/** Channels first, as its API wants them; put in that order beforehand. */
async function conv(request: Request): Promise<Task> {
  const c = convolutionOf(request);
  const inputs = convolutionInputs(c);
  const ready = async (array: JaxArray): Promise<JaxArray> => await array.blockUntilReady();
  const images = await ready(
    np.array(inputs.images).reshape([c.batch, c.size, c.size, c.inChannels]).transpose([0, 3, 1, 2]),
  );
  const filters = await ready(
    np
      .array(inputs.filters)
      .reshape([c.kernel, c.kernel, c.inChannels / c.groups, c.outChannels])
      .transpose([3, 2, 0, 1]),
  );
  const bias = np.array(inputs.bias).reshape([1, c.outChannels, 1, 1]);
  const forward = () =>
    jax.lax
      .convGeneralDilated(
        images.ref,
        filters.ref,
        [c.stride, c.stride],
        [
          [c.padding, c.padding],
          [c.padding, c.padding],
        ],
        { featureGroupCount: c.groups },
      )
      .add(bias.ref);
  return {
    value: async () => (await forward().data()).at(-1)!,
    run: async () => {
      const result = forward();
      await result.blockUntilReady();
      result.dispose();
    },
  };
}

await serve(
  { name: "jax-js wasm", version: peerVersion("@jax-js/jax"), threads: 1, settings: "SIMD, no threads in Node" },
  { matmul, conv },
);
