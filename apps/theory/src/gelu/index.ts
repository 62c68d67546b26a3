// Problem 1: gradient descent on GELU.
import type { Problem } from "../problem.ts";
import { type GeluAnswer, type GeluOptions, solveGelu } from "./answer.ts";
import { geluTables } from "./tables.ts";

export const geluProblem: Problem<GeluOptions, GeluAnswer> = {
  number: 1,
  title: "Gradient descent on GELU",
  solve: solveGelu,
  tables: geluTables,
  report: async () => (await import("./report.ts")).geluReport,
};
