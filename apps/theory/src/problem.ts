// What a problem is to the program: a solver from options to plain data, tables of them, and a section of the report.
import type { Fact, Section } from "@lanewise/report";

export interface Problem<O, A> {
  readonly number: number;
  readonly title: string;
  /** The answer as plain data: what theory.json holds, and all that tables and report read. */
  solve(options: O): A;
  /** The answer as tables for the terminal. */
  tables(answer: A): string;
  /** Loads what the report needs of this problem, only when a report is written. */
  report(): Promise<ProblemReport<A>>;
}

export interface ProblemReport<A> {
  section(answer: A): Promise<Section>;
  /** The answers themselves, in few words, for the first page. */
  glance(answer: A): readonly Fact[];
}

/** A problem that was solved. */
export interface Solved {
  readonly number: number;
  readonly title: string;
  readonly answer: unknown;
  tables(): string;
  report(): Promise<{ readonly section: Section; readonly glance: readonly Fact[] }>;
}

export function solved<O, A>(problem: Problem<O, A>, options: O): Solved {
  const answer = problem.solve(options);
  return {
    number: problem.number,
    title: problem.title,
    answer,
    tables: () => problem.tables(answer),
    async report() {
      const { section, glance } = await problem.report();
      return { section: await section(answer), glance: glance(answer) };
    },
  };
}
