// Runs a cell in a process of its own: the options of init hold for a whole process.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { InitOptions } from "@lanewise/tensor";
import { type CellResult, runCell } from "./cell.ts";

const self = fileURLToPath(import.meta.url);

export async function cellInNode(options: InitOptions): Promise<CellResult> {
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", self, JSON.stringify(options)], {
    maxBuffer: 2 ** 26,
  });
  return JSON.parse(stdout) as CellResult;
}

if (process.argv[1] === self) console.log(JSON.stringify(await runCell(JSON.parse(process.argv[2]!) as InitOptions)));
