// The ops, one file a family.

import "./methods.ts";

export * from "./cast.ts";
export * from "./concat.ts";
export * from "./conv/index.ts";
export * from "./elementwise/index.ts";
export * from "./image/index.ts";
export * from "./layout.ts";
export * from "./matmul.ts";
export * from "./norm.ts";
export * from "./pad.ts";
export * from "./pool/index.ts";
export * from "./reduce.ts";
export * from "./softmax.ts";
