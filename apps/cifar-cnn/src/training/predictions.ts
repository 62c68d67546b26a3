// What a network says of each picture, and counts over it.

export interface Prediction {
  /** Where the picture is in its data set. */
  readonly index: number;
  readonly label: number;
  readonly predicted: number;
  /** The probability given to what is predicted. */
  readonly probability: number;
  /** The probability given to the true class. */
  readonly ofLabel: number;
}

/** Rows of probabilities [N, classes] against labels; equal probabilities go to the first class. */
export function predictionsOf(probabilities: Float32Array, labels: ArrayLike<number>): Prediction[] {
  const classes = probabilities.length / labels.length;
  return Array.from({ length: labels.length }, (_, index) => {
    const row = probabilities.subarray(index * classes, (index + 1) * classes);
    const predicted = row.reduce((best, probability, at) => (probability > row[best]! ? at : best), 0);
    const label = labels[index]!;
    return { index, label, predicted, probability: row[predicted]!, ofLabel: row[label]! };
  });
}

/** The fraction of right predictions. */
export function accuracyOf(all: readonly Prediction[]): number {
  return all.filter(({ label, predicted }) => label === predicted).length / all.length;
}

/** `counts[label][predicted]`. */
export function confusionCounts(all: readonly Prediction[], classes = 10): number[][] {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (const { label, predicted } of all) counts[label]![predicted]! += 1;
  return counts;
}
