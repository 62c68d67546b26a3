// Looks at what goes into a network: a network that always gives one answer is most often always given the same.

/** What is suspicious about the values of one input; null if nothing is. */
export function inputWarning(values: ArrayLike<number>): string | null {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    if (!Number.isFinite(value)) return `value ${at} of the input is ${value}: whatever the network says means nothing`;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  if (values.length === 0) return "the input is empty";
  if (least !== most) return null;
  return `all ${values.length} values of the input are ${least}: the network sees nothing, and answers the same whatever was meant`;
}
