// Elementwise ops.

export { add, div, maximum, minimum, mul, pow, sub } from "./binary.ts";
export * from "./choose.ts";
export * from "./shaped.ts";
export * from "./unary.ts";
