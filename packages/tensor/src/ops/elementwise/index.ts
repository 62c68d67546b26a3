// Elementwise ops.

export * from "./binary.ts";
export * from "./shaped.ts";
export * from "./unary.ts";
