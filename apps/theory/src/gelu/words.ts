// Sentences about problem 1 that both the terminal and the report say, made from the numbers of the answer.
import type { GeluAnswer, Run } from "./answer.ts";

/** What a method is called: `gradient descent`, `momentum, new v`. */
export function methodName({ velocity }: Pick<Run, "velocity">): string {
  return velocity === "none" ? "gradient descent" : `momentum, ${velocity} v`;
}

const near = (value: number) => value.toPrecision(3);

/** How (b) differs from (a). */
export function differenceOfRates(answer: GeluAnswer): string {
  const { a, b, minimum } = answer;
  const [slow, fast] = [a.contraction, b.contraction];
  const away = (run: Run) => near(Math.abs(run.steps.at(-1)!.x - minimum.x));
  const ends =
    fast < 1
      ? `near the minimum a step leaves ${near(fast)} of the distance, instead of ${near(slow)}`
      : `near the minimum a step multiplies the distance by ${near(fast)}, so that this rate never settles there`;
  return (
    `The first step is ${Number(near(b.rate / a.rate))} times as long. After three steps x is ${away(b)} away from the ` +
    `minimum, instead of ${away(a)}; ${ends}.`
  );
}
