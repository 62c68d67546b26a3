// The script of a pool's thread in Node.
import { workerData } from "node:worker_threads";
import { work } from "../pool-worker.js";

work(workerData);
