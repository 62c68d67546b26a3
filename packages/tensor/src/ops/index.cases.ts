// All cases of all ops, for every runtime to go through.

import type { OpCase } from "../cases.ts";
import * as cast from "./cast.cases.ts";
import * as conv from "./conv/conv.cases.ts";
import * as choose from "./elementwise/choose.cases.ts";
import * as elementwise from "./elementwise/elementwise.cases.ts";
import * as layout from "./layout.cases.ts";
import * as matmul from "./matmul.cases.ts";
import * as reduce from "./reduce.cases.ts";
import * as softmax from "./softmax.cases.ts";

export const opCases: readonly OpCase[] = [cast, choose, conv, elementwise, layout, matmul, reduce, softmax].flatMap(
  (family) => Object.values(family).flat(),
);
