// Problem 3: back-propagation through a two-layer network.
import type { Problem } from "../problem.ts";
import { type BackpropAnswer, type BackpropOptions, solveBackprop } from "./answer.ts";
import { backpropTables } from "./tables.ts";

export const backpropProblem: Problem<BackpropOptions, BackpropAnswer> = {
  number: 3,
  title: "Back-propagation through a two-layer network",
  solve: solveBackprop,
  tables: backpropTables,
  report: async () => (await import("./report.ts")).backpropReport,
};
