// Problem 4: convolution by hand.
import type { Problem } from "../problem.ts";
import { type ConvolutionAnswer, type ConvolutionOptions, solveConvolution } from "./answer.ts";
import { convolutionTables } from "./tables.ts";

export const convolutionProblem: Problem<ConvolutionOptions, ConvolutionAnswer> = {
  number: 4,
  title: "Convolution by hand",
  solve: solveConvolution,
  tables: convolutionTables,
  report: async () => (await import("./report.ts")).convolutionReport,
};
