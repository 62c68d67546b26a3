// lanewise/worker: the script of the pool's threads, for bundlers that do not take it along by themselves.

import "@lanewise/kernels/worker";
