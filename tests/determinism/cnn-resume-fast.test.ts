// A network of convolutions that is gone on with, in fast mode and with turbo.
import { testResumedCnn } from "./cnn-resume.fixture.ts";

testResumedCnn({ threads: 2, turbo: true }, "fast");
