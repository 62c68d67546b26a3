// The door to the compiled kernels: init, the exports over integer handles, copies in and out, and why it runs as it does.
export { type ArrayOf, readBuffer, type StoredType, writeBuffer } from "./buffers.ts";
export { init } from "./init.ts";
export { type Kernels, kernels } from "./machine.ts";
export type { InitOptions, WasmSource } from "./options.ts";
export { type BackendReport, explainBackend } from "./report.ts";
