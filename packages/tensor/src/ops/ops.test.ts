// Every op's cases, in the binary that this process runs.

import { checkOp } from "@lanewise/testing";
import { beforeAll, test } from "vitest";
import { init } from "../index.ts";
import { opCases } from "./index.cases.ts";

beforeAll(() => init({ threads: 2 }));

for (const opCase of opCases) test(`${opCase.op} ${opCase.label}`, () => void checkOp(opCase));
