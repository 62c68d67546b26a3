// All cases of all ops, for every runtime to go through.

import type { OpCase } from "../cases.ts";
import * as cast from "./cast.cases.ts";
import * as conv from "./conv/conv.cases.ts";
import * as choose from "./elementwise/choose.cases.ts";
import * as elementwise from "./elementwise/elementwise.cases.ts";
import * as image from "./image/image.cases.ts";
import * as layout from "./layout.cases.ts";
import * as matmul from "./matmul.cases.ts";
import * as norm from "./norm.cases.ts";
import * as pad from "./pad.cases.ts";
import * as pool from "./pool/pool.cases.ts";
import * as reduce from "./reduce.cases.ts";
import * as softmax from "./softmax.cases.ts";

export const opCases: readonly OpCase[] = [
  cast,
  choose,
  conv,
  elementwise,
  image,
  layout,
  matmul,
  norm,
  pad,
  pool,
  reduce,
  softmax,
].flatMap((family) => Object.values(family).flat());
