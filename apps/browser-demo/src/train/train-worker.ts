// The worker of the Train page: trains what the page orders, and keeps checkpoints in the origin's private file system.
import { serveTraining } from "lanewise/train/page";
import { keptTraining } from "./run/kept.ts";
import { prepareTraining, type TrainingOrder } from "./run/training.ts";

serveTraining(async (order: TrainingOrder) => prepareTraining(order, await keptTraining()));
