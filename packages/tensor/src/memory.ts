// How much memory is in use: for tests of leaks, and for people who wonder.

import { kernels } from "@lanewise/kernels";

export interface MemoryReport {
  /** Buffers alive: tensors, gradients, optimizer state, what the tape has saved. */
  readonly liveBuffers: number;
  readonly liveBytes: number;
  /** The most bytes ever alive at once. */
  readonly peakBytes: number;
  /** Released bytes held back for reuse. */
  readonly pooledBytes: number;
}

export function memoryReport(): MemoryReport {
  const k = kernels();
  return {
    liveBuffers: k.live_buffers(),
    liveBytes: k.live_bytes(),
    peakBytes: k.peak_bytes(),
    pooledBytes: k.pooled_bytes(),
  };
}
