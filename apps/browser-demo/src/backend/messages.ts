// What the Backend page and its worker say to each other.
import type { BackendReport } from "lanewise";

export interface Measured {
  readonly name: string;
  readonly unit: "GFLOP/s" | "images/s";
  readonly rate: number;
}

/** A report as a message carries it, with its text. */
export type PlainReport = Omit<BackendReport, "toString"> & { readonly text: string };

/** From the page. */
export type Order = "explain" | "measure";

/** From the worker. */
export type Said =
  | { readonly report: PlainReport }
  | { readonly measuring: string }
  | { readonly row: Measured }
  | { readonly done: true }
  | { readonly failed: string };

export function plainReport(report: BackendReport): PlainReport {
  const { binary, mode, threads, memoryBytes, turbo, reasons, advice } = report;
  return { binary, mode, threads, memoryBytes, turbo, reasons, advice, text: report.toString() };
}
