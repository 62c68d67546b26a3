// The report: its head, the answers at a glance, a section for each problem that was answered, and its typesetting.
import { facts, pdfOfReport, type Report } from "@lanewise/report";
import type { Solved } from "./problem.ts";

export async function pdfOf(answers: readonly Solved[]): Promise<Uint8Array> {
  return pdfOfReport(await reportOf(answers));
}

export async function reportOf(answers: readonly Solved[]): Promise<Report> {
  const parts = [];
  for (const answer of answers) parts.push({ number: answer.number, ...(await answer.report()) });
  return {
    title: "Four theory exercises on neural networks",
    subtitle: "Solved, proved, and computed in WebAssembly",
    summary: [facts(...parts.flatMap(({ glance }) => glance))],
    // A problem keeps its number where it is answered alone.
    sections: parts.map(({ section, number }) => ({ ...section, number })),
  };
}
