// What a classifier says of each example, and counts over it.

export interface Prediction {
  /** Where the example is in its data set. */
  readonly index: number;
  readonly label: number;
  readonly predicted: number;
  /** The probability given to what is predicted. */
  readonly probability: number;
  /** The probability given to the true class. */
  readonly ofLabel: number;
}

/**
 * The predictions in rows of probabilities, [N, classes] row by row, for examples with these labels; equal probabilities
 * go to the first class. `first` is the first example's place in its data set.
 */
export function predictionsOf(probabilities: Float32Array, labels: ArrayLike<number>, first = 0): Prediction[] {
  const classes = probabilities.length / labels.length;
  if (!Number.isInteger(classes) && labels.length > 0) {
    throw new RangeError(
      `predictionsOf: ${probabilities.length} probabilities came for ${labels.length} labels, expected as many for each`,
    );
  }
  return Array.from({ length: labels.length }, (_, at) => {
    const row = probabilities.subarray(at * classes, (at + 1) * classes);
    const predicted = row.reduce((best, probability, each) => (probability > row[best]! ? each : best), 0);
    const label = labels[at]!;
    if (!(Number.isInteger(label) && label >= 0 && label < classes)) {
      throw new RangeError(`predictionsOf: label ${label} of example ${first + at} came, expected 0 to ${classes - 1}`);
    }
    return { index: first + at, label, predicted, probability: row[predicted]!, ofLabel: row[label]! };
  });
}

/** The fraction of right predictions; NaN of none. */
export function accuracyOf(all: readonly Prediction[]): number {
  return all.filter(({ label, predicted }) => label === predicted).length / all.length;
}

/** How many examples of each class were taken for which: `counts[label][predicted]`. */
export function confusionCounts(all: readonly Prediction[], classes: number): number[][] {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (const { index, label, predicted } of all) {
    const ofLabel = counts[label];
    if (ofLabel?.[predicted] === undefined) {
      throw new RangeError(
        `confusionCounts: example ${index} of class ${label}, taken for ${predicted}, came; expected 0 to ${classes - 1}`,
      );
    }
    ofLabel[predicted]! += 1;
  }
  return counts;
}
