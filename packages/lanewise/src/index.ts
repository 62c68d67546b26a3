// lanewise: tensors, ops, gradients, lifetime and the backend.

export * from "@lanewise/tensor";
