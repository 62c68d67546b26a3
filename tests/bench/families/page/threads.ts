// How many threads a page is measured on: one, and as many as it takes by itself where it is isolated.

export const pageThreads = (cores: number): readonly number[] => [1, defaultThreads(cores)];

export const defaultThreads = (cores: number): number => Math.max(2, cores - 1);
