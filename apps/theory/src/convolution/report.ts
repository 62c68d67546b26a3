// Problem 4 in the report: the map by hand, the size equation solved, pooling as a convolution.
import {
  type Block,
  type Fact,
  figure,
  formula,
  md,
  note,
  paragraph,
  type Section,
  section,
  significant,
  statement,
  table,
} from "@lanewise/report";
import { factor, matrix } from "../maths.ts";
import type { ProblemReport } from "../problem.ts";
import type { ConvolutionAnswer, ExactGrid } from "./answer.ts";
import { filterOnMap } from "./drawing.ts";
import { hasSolutions, listed, type SamePadding, type Strides } from "./sizes.ts";
import { sizeText, stridesVerdict } from "./words.ts";

/** More rows than these make a matrix that is no longer read. */
const MOST_ROWS = 12;
/** Signs that a line of a matrix holds at the size of the text. */
const LINE = 72;
/** Products that a line of a cell's sum holds. */
const PRODUCTS = 5;

/** How many columns of a grid fit on a line. */
function columnsShown(grid: ExactGrid): number {
  const widest = Math.max(...grid.flat().map((cell) => cell.length));
  return Math.min(grid[0]!.length, Math.max(1, Math.floor(LINE / (widest + 2))));
}

/** A grid as a matrix; of a large one the corner, with dots. */
function shown(grid: ExactGrid): string {
  const columns = columnsShown(grid);
  const wide = columns < grid[0]!.length;
  const rows = grid
    .slice(0, MOST_ROWS)
    .map((row) => [...row.slice(0, columns).map(slashed), ...(wide ? ["dots.c"] : [])]);
  const dots = grid.length > MOST_ROWS ? [rows[0]!.map(() => "dots.v")] : [];
  return matrix([...rows, ...dots]);
}

/** A fraction in one line. */
const slashed = (text: string) => text.replace("/", "\\/");

/** Grids under their names, in one formula where there is room. */
function named(grids: readonly (readonly [name: string, grid: ExactGrid])[]): Block[] {
  const width = grids.reduce((sum, [, grid]) => {
    return sum + 8 + columnsShown(grid) * (2 + Math.max(...grid.flat().map((cell) => cell.length)));
  }, 0);
  const formulas = grids.map(([name, grid]) => `${name} = ${shown(grid)}`);
  return width <= LINE ? [formula(formulas.join(", quad "))] : formulas.map((each) => formula(each));
}

export const convolutionReport: ProblemReport<ConvolutionAnswer> = { section: convolutionSection, glance };

function glance(answer: ConvolutionAnswer): Fact[] {
  const { keeping, pooling, isDefault } = answer;
  const { rows, columns } = keeping;
  const sides = [rows.before, rows.after, columns.before, columns.after];
  const padding = sides.every((side) => side === sides[0])
    ? `padding ${sides[0]}`
    : `padding ${rows.before} above, ${rows.after} below, ${columns.before} left, ${columns.after} right`;
  const whose = isDefault ? " (for this program's own numbers)" : "";
  return [
    ["4 (a)", `${padding} keeps the size${whose}`],
    ["4 (b)", stridesVerdict(answer)],
    ["4 (c)", `${pooling.map.length}×${pooling.map[0]!.length} means${cellsOf(pooling.map)}`],
    [
      "4 (d)",
      `a ${pooling.size}×${pooling.size} filter of ${pooling.share} for each channel, stride ${pooling.stride}, padding 0`,
    ],
  ];
}

/** What a few cells hold, row by row. */
function cellsOf(grid: ExactGrid): string {
  if (grid.flat().length > 9) return "";
  return `: ${grid.map((row) => row.join(", ")).join("; ")}`;
}

async function convolutionSection(answer: ConvolutionAnswer): Promise<Section> {
  return section(
    "Convolution by hand",
    numbers(answer),
    operation(answer),
    keeping(answer),
    strides(answer),
    pooling(answer),
    inLanewise(answer),
  );
}

function numbers(answer: ConvolutionAnswer): Section {
  const [first, second] = answer.filters;
  return section(
    "The numbers",
    ...(answer.isDefault
      ? [
          note(md`The handout shows its feature map and filters as a picture only. **The numbers here are this program's own.** With
            \`--maps FILE\` it answers for any others.`),
        ]
      : [paragraph(md`Feature map and filters are those of \`${answer.source}\`.`)]),
    ...named([
      ["X", answer.featureMap],
      ["F_1", first],
      ["F_2", second],
    ]),
    paragraph(
      `The feature map is ${sizeText(answer.featureMap)}, the filters are ${sizeText(first)} and ${sizeText(second)}.`,
    ),
  );
}

function operation({ keeping }: ConvolutionAnswer): Section {
  return section(
    "Convolution and cross-correlation",
    paragraph(md`Layers of neural networks lay the filter on the map as it is written, multiply what lies on each other and add up. That
      is **cross-correlation**; with stride $s$ and padding $p$ (map values outside are 0)`),
    formula("Y_(i j) = sum_(r, c) F_(r c) X_(i s + r - p, space j s + c - p) .", "correlation"),
    paragraph(md`**Convolution** in the mathematical sense turns the filter by 180° first: of a filter with $k$ rows and $l$ columns,
      $F_(k-1-r, space l-1-c)$ then stands in place of $F_(r c)$. A network learns its filters, so it makes no difference there which one a layer computes, and the word convolution
      is used for both. The answers here are cross-correlation, as in PyTorch, TensorFlow and Lanewise. ${
        keeping.symmetric
          ? "This first filter is the same when turned, so both agree."
          : "The other result is given beside it."
      }`),
  );
}

function keeping(answer: ConvolutionAnswer): Section {
  const { keeping, filters } = answer;
  const [first] = filters;
  const [row, column] = keeping.cell.at;
  const lines = productLines(answer);
  const drawing = filterOnMap(answer);
  const outside = keeping.cell.terms.flat().filter(({ padded }) => padded).length;
  return section(
    "(a) The padding that keeps the size, and the new map",
    paragraph(md`A filter of $k$ cells fits onto $n$ cells, with $p$ more on each side, at $n + 2 p - k + 1$ places at stride 1. That is
      $n$ again exactly if $2 p = k - 1$, which an odd $k$ allows. Here:`),
    {
      kind: "list",
      numbered: false,
      items: [
        paddingItem("rows", first.length, keeping.rows),
        paddingItem("columns", first[0]!.length, keeping.columns),
      ],
    },
    paragraph("The new map:"),
    formula(`Y = ${shown(keeping.map)}`),
    paragraph(
      md`Its cell in row ${row}, column ${column} (both counted from 0), each product being filter times map${
        outside > 0 ? `, ${outside} of them with a 0 of the padding` : ""
      }:`,
    ),
    ...lines.map((part, at) =>
      formula(
        [
          `${at === 0 ? `Y_(${row}, ${column}) &=` : "quad quad &"} ${part.join(" + \\ & ")}`,
          at < lines.length - 1 ? " +" : ` \\ &= ${slashed(keeping.cell.sum)}`,
        ].join(""),
      ),
    ),
    ...(drawing === null
      ? []
      : [figure({ svg: drawing, caption: `The filter where it makes the cell in row ${row}, column ${column}.` })]),
    ...(keeping.symmetric
      ? []
      : [
          paragraph("Convolution in the mathematical sense, with the filter turned by 180°, would give:"),
          formula(`Y' = ${shown(keeping.convolution)}`),
        ]),
  );
}

/** Which padding keeps the size along one axis. */
function paddingItem(axis: string, k: number, { before, after, even }: SamePadding) {
  return even
    ? md`${axis}: $k = ${k}$, so $p = (k - 1) \/ 2 = ${before}$ on each side`
    : md`${axis}: $k = ${k}$, and $k - 1 = ${k - 1}$ is odd, so no $p$ is the same on both sides; ${before} before and ${after} after keep the size`;
}

/** The products of the cell in lines, a row of the filter each where that is short; long sums in parts that fit on a page. */
function productLines({ keeping }: ConvolutionAnswer): string[][] {
  const rows = keeping.cell.terms.map((terms) =>
    terms.map(({ weight, value }) => `${factor(slashed(weight))} dot ${factor(slashed(value))}`),
  );
  const lines = rows[0]!.length <= PRODUCTS ? rows : inParts(rows.flat(), PRODUCTS);
  return inParts(
    lines.map((line) => line.join(" + ")),
    MOST_ROWS,
  );
}

function inParts<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, part) => list.slice(part * size, (part + 1) * size));
}

function axisProof(name: string, strides: Strides): Block[] {
  const { n, k, padding, room } = strides;
  const equation = `floor((${n} + 2 dot ${padding} - ${k}) / s) + 1 = ${n}`;
  if (room < 0) {
    return [
      paragraph(
        md`**${name}:** $n + 2 p - k = ${room}$ is below 0: the filter does not fit on the padded map even once, so no stride gives any result.`,
      ),
    ];
  }
  if (n === 1) {
    return [
      paragraph(md`**${name}:** one cell stays one cell if the filter cannot move a whole stride.`),
      formula(`${equation} quad <==> quad ${room} / s < 1 quad <==> quad s > ${room} .`),
    ];
  }
  const solutions = hasSolutions(strides);
  return [
    paragraph(md`**${name}:** with $n = ${n}$, $k = ${k}$, $p = ${padding}$, so $n + 2 p - k = ${room}$,`),
    formula(
      `${equation} quad <==> quad ${n - 1} <= ${room} / s < ${n} quad <==> quad ${room} / ${n} < s <= ${room} / ${n - 1} .`,
    ),
    paragraph(
      solutions
        ? md`The whole numbers $s$ with $${room} \/ ${n} < s <= ${room} \/ ${n - 1}$ are all solutions: ${listed(strides)}.`
        : md`No whole number $s >= 1$ has $${room} \/ ${n} < s <= ${room} \/ ${n - 1}$: there is no solution.`,
    ),
  ];
}

function strides(answer: ConvolutionAnswer): Section {
  const { strides } = answer;
  return section(
    "(b) Does any stride keep the size with the second filter?",
    paragraph(md`The size along one axis is $floor((n + 2 p - k) \/ s) + 1$: the filter moves in steps of $s$ as long as it fits. Set it to
      $n$ and solve for whole $s >= 1$. A number is rounded down to $n - 1$ exactly if it lies from $n - 1$ to below $n$; then multiply
      by $s$ and divide by $n$ or $n - 1$, all of them above 0, so that each step holds both ways.`),
    ...(strides.rows.n === strides.columns.n && strides.rows.k === strides.columns.k
      ? axisProof("Rows and columns alike", strides.rows)
      : [...axisProof("Rows", strides.rows), ...axisProof("Columns", strides.columns)]),
    statement(
      "The answer",
      paragraph(
        `${stridesVerdict(answer)} The first strides: ${strides.sizes
          .map(({ stride, height, width }) => `${stride} gives ${height}×${width}`)
          .join(", ")}.`,
      ),
    ),
  );
}

function pooling(answer: ConvolutionAnswer): Section {
  const { pooling, float32 } = answer;
  const { size, stride, share, unread } = pooling;
  const left = [
    ...(unread.rows > 0 ? [`${unread.rows} at the bottom`] : []),
    ...(unread.columns > 0 ? [`${unread.columns} at the right`] : []),
  ];
  const cells = Math.min(size, MOST_ROWS);
  const filter = Array.from({ length: cells }, () => new Array<string>(cells).fill(slashed(share)));
  return section(
    "(c) Average pooling, and (d) the convolution that equals it",
    paragraph(
      md`Each window of ${size}×${size} cells of $Y$ becomes its mean; windows begin every ${stride} cells.${
        left.length > 0 ? ` Rows and columns that no whole window reaches are left out (${left.join(", ")}).` : ""
      }`,
    ),
    formula(`"avg"(Y) = ${shown(pooling.map)}`),
    paragraph(md`A mean is a sum with equal shares, and a sum of shares times cells is what [](#correlation) computes. So the filter has
      the share in every cell, the stride is the pooling's, and the padding is 0:`),
    formula(
      `F = ${matrix(filter)}, quad s = ${stride}, quad p = 0: quad quad ` +
        `sum_(r, c) F_(r c) Y_(${stride} i + r, space ${stride} j + c) = 1 / ${size * size} sum_(r, c) Y_(${stride} i + r, space ${stride} j + c) .`,
    ),
    paragraph(
      pooling.equal
        ? "In exact fractions this convolution of the map of (a) equals the pooled map in every cell."
        : "In exact fractions this convolution of the map of (a) DIFFERS from the pooled map.",
    ),
    paragraph(md`Both begin a window at the same cells, and along $n$ cells there are $floor((n - ${size}) \/ ${stride}) + 1$ of them either way. Pooling
      leaves channels apart. For $C$ channels that is one such filter for each channel by itself (\`groups: C\`), or $C times C$ filters, of which
      those from a channel $q$ to itself are $F$ and all others 0: of the sum over channels one term is left,`),
    formula(
      `sum_(q = 1)^C sum_(r, c) F_(r c q o) Y_(${stride} i + r, space ${stride} j + c, space q) = 1 / ${size * size} sum_(r, c) Y_(${stride} i + r, space ` +
        `${stride} j + c, space o) quad "with" quad F_(r c q o) = cases(${slashed(share)} & "if" q = o, 0 & "else"),`,
    ),
    paragraph(
      md`which is the mean of channel $o$, for any $C$. On Lanewise's kernels, with random maps of whole numbers:`,
    ),
    table({
      caption: "The largest difference of a cell between average pooling and the two convolutions, in 32 bits.",
      columns: [
        "channels",
        { title: "images", align: "right" },
        { title: "one filter a channel", format: significant(2), align: "right" },
        { title: md`$C times C$ filters`, format: significant(2), align: "right" },
      ],
      rows: float32.channels.map(({ channels, images, grouped, dense }) => [
        channels,
        images.join("×"),
        grouped,
        dense,
      ]),
    }),
    paragraph(
      float32.channels.every(({ grouped, dense }) => grouped === 0 && dense === 0)
        ? md`Equal to the last bit: of whole numbers and a share of ${share} no sum is rounded.`
        : md`The share ${share} is no 32-bit number, and its products are rounded, where pooling divides a sum once: that is the
          difference.`,
    ),
  );
}

function inLanewise({ float32 }: ConvolutionAnswer): Section {
  const within = (difference: number) => (difference === 0 ? "exactly" : `within ${significant(2)(difference)}`);
  return section(
    "The same in Lanewise",
    paragraph(md`The maps above are exact fractions. In 32 bits, Lanewise's \`conv2d\` gives the map of (a) ${within(float32.map)}, and its
      \`avgPool2d\` the map of (c) ${within(float32.pooled)}.`),
  );
}
