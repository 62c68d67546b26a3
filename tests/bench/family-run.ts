// One family, measured: its sides started, asked in turn, ended; then its figures, ratios and what is doubtful of them.
import { doubtsOf } from "./doubts.ts";
import type { Family, Scope } from "./families/index.ts";
import { interleave } from "./interleave.ts";
import type { Watch } from "./machine/quiet.ts";
import type { Measurements } from "./measurements.ts";
import type { Ratio } from "./ratios.ts";
import { commandOf, labelOf } from "./roster.ts";
import { Side } from "./side.ts";
import type { Hello } from "./sides/tasks.ts";

export interface FamilyResult {
  readonly family: Family;
  readonly rounds: number;
  readonly seconds: number;
  readonly sides: readonly { readonly id: string; readonly hello: Hello }[];
  readonly measurements: Measurements;
  readonly ratios: readonly Ratio[];
  readonly doubts: readonly string[];
}

export interface RunSettings {
  readonly scope: Scope;
  readonly torch: string | undefined;
  readonly quick: boolean;
  readonly watch: Watch;
  readonly onRound: (round: number, rounds: number) => void;
}

/** A quick run tells whether everything works. */
const quickRounds = 2;
const quickSeconds = 0.05;

export async function runFamily(family: Family, settings: RunSettings): Promise<FamilyResult> {
  const { scope, watch, quick, onRound } = settings;
  const rounds = quick ? quickRounds : family.rounds;
  const seconds = quick ? quickSeconds : family.seconds;
  const wishes = family.wishes(scope);
  const { sides, absent } = await startSides([...new Set(wishes.map(({ side }) => side))], settings.torch);
  try {
    await watch.look();
    const plan = { wishes, rounds, seconds, onRound: (round: number) => onRound(round, rounds) };
    const { measurements, failures } = await interleave(sides, plan);
    await watch.look();
    const doubts = [
      ...absent,
      ...failures.map(({ wish, reason }) => `${labelOf(wish.side)}, ${family.column(wish.subject)}: ${reason}`),
      ...doubtsOf(family, measurements.list()),
    ];
    return {
      family,
      rounds,
      seconds,
      sides: [...sides].map(([id, { hello }]) => ({ id, hello })),
      measurements,
      ratios: family.ratios(measurements, scope),
      doubts,
    };
  } finally {
    await Promise.all([...sides.values()].map((side) => side.end()));
  }
}

async function startSides(ids: readonly string[], python: string | undefined) {
  const sides = new Map<string, Side>();
  const absent: string[] = [];
  for (const id of ids) {
    const command = commandOf(id, python);
    if (command === undefined) {
      absent.push(`${labelOf(id)} was not measured: name an interpreter that has it by --torch`);
      continue;
    }
    try {
      const side = await Side.start(command);
      sides.set(id, side);
      absent.push(...versionDoubt(side));
    } catch (error) {
      absent.push(`${labelOf(id)} was not measured: ${error instanceof Error ? error.message : error}`);
    }
  }
  return { sides, absent };
}

function versionDoubt({ id, hello }: Side): string[] {
  const old = hello.name === "PyTorch" && Number.parseInt(hello.version, 10) < 2;
  return old ? [`${labelOf(id)} is version ${hello.version}; the bars are set against PyTorch 2.15`] : [];
}
