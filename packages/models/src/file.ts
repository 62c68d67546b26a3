// A model's file: PyTorch's own, with 16-bit weights, and the model's card beside them.
import { loadTorchState } from "@lanewise/interop";
import { type NamedArrays, readPtMetadata, writePt } from "@lanewise/io";
import type { Module, Sequential } from "@lanewise/nn";
import { type ModelCard, modelCard } from "./card.ts";
import { buildNetwork } from "./network.ts";

export interface KnownModel {
  readonly model: Sequential<readonly Module[]>;
  readonly card: ModelCard;
}

/** The network that a file was written for, with its weights, ready for use: in evaluation mode. */
export function openModel(bytes: Uint8Array, label: string): KnownModel {
  const card = modelCard(readPtMetadata(bytes, { label }), label);
  const model = buildNetwork(card.network);
  loadTorchState(model, bytes, { label });
  model.eval();
  return { model, card };
}

/** The bytes of a file that `openModel` and `torch.load(path, weights_only=True)` read. */
export function writeModel(state: NamedArrays, card: ModelCard): Uint8Array<ArrayBuffer> {
  return writePt(state, { floats: "f16", metadata: { ...card } });
}
