// @lanewise/interop: models as PyTorch has them, as source text and as files.

export { type TorchModuleOptions, torchModule } from "./torch/module.ts";
export { loadTorchState, torchState } from "./torch/state.ts";
