// The families, in the order in which a bench of all of them runs.
import { cifar } from "./cifar.ts";
import { conv } from "./conv.ts";
import { denormals } from "./denormals.ts";
import type { Family } from "./family.ts";
import { matmul } from "./matmul.ts";
import { mlp } from "./mlp.ts";
import { pageInference } from "./page/inference.ts";
import { pageSpeed } from "./page/speed.ts";
import { pageTraining } from "./page/training.ts";
import { pool } from "./pool.ts";

export type { Family, Profiled, Scope } from "./family.ts";
export const families: readonly Family[] = [
  matmul,
  mlp,
  conv,
  cifar,
  pool,
  denormals,
  pageSpeed,
  pageInference,
  pageTraining,
];
