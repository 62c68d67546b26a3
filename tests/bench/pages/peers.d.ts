// What the pages use of the peers; their own types are not there before they are installed.
declare module "@tensorflow/tfjs" {
  export function setBackend(name: string): Promise<boolean>;
  export function ready(): Promise<void>;
  export function env(): { set(flag: string, value: boolean): void; getAsync(flag: string): Promise<boolean> };
}

declare module "@tensorflow/tfjs-backend-wasm" {
  export function setWasmPaths(prefix: string): void;
  export function setThreadsCount(threads: number): void;
  export function getThreadsCount(): number;
}

declare module "onnxruntime-web/wasm" {
  export class Tensor {
    constructor(type: "float32", data: Float32Array, dims: readonly number[]);
    readonly data: Float32Array;
  }
  export const env: { readonly wasm: { numThreads: number; wasmPaths: string } };
  export const InferenceSession: {
    create(
      model: Uint8Array,
      options: { executionProviders: string[]; graphOptimizationLevel: "all" },
    ): Promise<{ run(feeds: { x: Tensor }): Promise<{ y: Tensor }> }>;
  };
}
