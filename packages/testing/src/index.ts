// Checks for tests: what every op must hold.

export { checkOp, runCase } from "./check-op.ts";
