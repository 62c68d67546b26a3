// A network of convolutions that is gone on with, in strict mode.
import { testResumedCnn } from "./cnn-resume.fixture.ts";

testResumedCnn({ strict: true, threads: 2 }, "strict");
