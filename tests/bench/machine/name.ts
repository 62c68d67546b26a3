// The machine and the programs of a bench, as they are to be named beside its figures.
import { cpus, release, type as systemName, totalmem } from "node:os";

export interface MachineName {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  readonly v8: string;
}

export function machineName(): MachineName {
  const processors = cpus();
  return {
    processor: processors[0]?.model.trim() || process.arch,
    cores: processors.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${systemName()} ${release()}`,
    node: process.versions.node,
    v8: process.versions.v8,
  };
}

export const shownMachine = ({ processor, cores, memoryGiB, system, node, v8 }: MachineName): string =>
  `${processor}, ${cores} logical processors, ${memoryGiB} GiB, ${system}; Node ${node} (V8 ${v8})`;
