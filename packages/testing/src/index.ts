// Checks for tests: what every op and every layer must hold.

export { checkLayer } from "./check-layer.ts";
export { checkOp } from "./check-op.ts";
