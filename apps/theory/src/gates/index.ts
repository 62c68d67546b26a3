// Problem 2: logic gates as smallest networks.
import type { Problem } from "../problem.ts";
import { type GateOptions, type GatesAnswer, solveGates } from "./answer.ts";
import { gatesTables } from "./tables.ts";

export const gatesProblem: Problem<GateOptions, GatesAnswer> = {
  number: 2,
  title: "Logic gates as smallest networks",
  solve: solveGates,
  tables: gatesTables,
  report: async () => (await import("./report.ts")).gatesReport,
};
