// The worker of a page that trains; its checkpoints lie in the origin's private file system.
import { privateFile, serveTraining } from "@lanewise/train/page";
import { type Settings, training } from "./training-run.ts";

serveTraining((settings: Settings) => training(privateFile("tests/checkpoint.npz"), settings));
