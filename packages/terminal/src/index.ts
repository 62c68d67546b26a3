// @lanewise/terminal: options, progress, tables, downloads and Ctrl-C of the apps, and their frame.
export { type Download, downloadShown } from "./download.ts";
export { type Interruption, type InterruptionOptions, interruption } from "./interruption.ts";
export { runMain } from "./main.ts";
export {
  choice,
  flag,
  InformationAsked,
  integer,
  integers,
  namedOptions,
  number,
  type OptionKind,
  type OptionSpec,
  type OptionValues,
  type Program,
  parseOptions,
  readOptions,
  text,
  UsageError,
} from "./options.ts";
export { duration, fixed, percent, rate, thousands, wrapped } from "./phrases.ts";
export { type EpochLine, type Progress, type ProgressOptions, trainingProgress } from "./progress.ts";
export { claimResultsFolder } from "./results-folder.ts";
export { type Column, table } from "./table.ts";
