// What is doubtful of a family's measurements: wrong results, and peers far below what they are known to give.
import type { Family } from "./families/index.ts";
import type { Measurement } from "./measurements.ts";
import { labelOf } from "./roster.ts";

/** A peer below this share of what it is known to give is badly set up, or the machine is another one. */
const farBelow = 0.6;

export function doubtsOf(family: Family, measurements: readonly Measurement[]): string[] {
  return [...measurements.flatMap((measurement) => faultOf(family, measurement)), ...shortfalls(family, measurements)];
}

function faultOf(family: Family, { side, subject, value }: Measurement): string[] {
  const fault = family.fault(subject, value);
  return fault === undefined ? [] : [`${labelOf(side)}, ${family.column(subject)}: wrong result, ${fault}`];
}

/** One line for each side that fell short. */
function shortfalls(family: Family, measurements: readonly Measurement[]): string[] {
  const short = measurements.flatMap(({ side, subject, seconds }) => {
    const figure = family.figure(subject, seconds);
    const known = family.known(side, subject) ?? Number.NaN;
    const said = `${shownFigure(figure)} of ${shownFigure(known)} (${family.column(subject)})`;
    return figure < farBelow * known ? [{ side, said }] : [];
  });
  return [...Map.groupBy(short, ({ side }) => side)].map(
    ([side, all]) =>
      `${labelOf(side)} is far below the ${family.unit} it is known to give, badly set up or on a slower or busy machine: ` +
      all.map(({ said }) => said).join(", "),
  );
}

/** Three digits, and thousands apart. */
export function shownFigure(figure: number): string {
  return figure >= 1000
    ? Math.round(figure).toLocaleString("en")
    : figure >= 100
      ? figure.toFixed(0)
      : figure.toFixed(1);
}
