// A buffer of the kernels, shared by those who count as its owners: tensors, the tape, gradients under way.

import { kernels } from "@lanewise/kernels";

export class Storage {
  readonly handle: number;
  readonly bytes: number;
  /** Grows with each change in place; the tape refuses a saved buffer whose version has moved on. */
  version = 0;
  #owners = 1;

  constructor(bytes: number) {
    this.handle = kernels().alloc(bytes);
    this.bytes = bytes;
  }

  get exclusive(): boolean {
    return this.#owners === 1;
  }

  share(): Storage {
    this.#owners += 1;
    return this;
  }

  release(): void {
    this.#owners -= 1;
    if (this.#owners === 0) kernels().free(this.handle);
  }
}
