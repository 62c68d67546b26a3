// A drawing as strokes, in units of the board's side, so that it can be drawn again in other colours, and undone.

export interface Point {
  readonly x: number;
  readonly y: number;
  /** Of the stroke's width; a pen's pressure. */
  readonly thickness: number;
}

export interface Stroke {
  readonly width: number;
  readonly points: Point[];
}

/** Ink and ground, as colours of CSS. */
export interface Colours {
  readonly ink: string;
  readonly ground: string;
}

export class Drawing {
  readonly #strokes: Stroke[] = [];

  get empty(): boolean {
    return this.#strokes.length === 0;
  }

  begin(width: number, point: Point): void {
    this.#strokes.push({ width, points: [point] });
  }

  /** Goes on with the last stroke. */
  extend(point: Point): void {
    this.#strokes.at(-1)?.points.push(point);
  }

  undo(): void {
    this.#strokes.pop();
  }

  clear(): void {
    this.#strokes.length = 0;
  }

  paint(context: CanvasRenderingContext2D, { ink, ground }: Colours): void {
    const side = context.canvas.width;
    context.fillStyle = ground;
    context.fillRect(0, 0, side, side);
    context.strokeStyle = context.fillStyle = ink;
    context.lineCap = context.lineJoin = "round";
    for (const stroke of this.#strokes) paintStroke(context, side, stroke);
  }
}

/** Curves through the middles between points; each piece has the thickness of the point that it passes by. */
function paintStroke(context: CanvasRenderingContext2D, side: number, { width, points }: Stroke): void {
  const [first] = points;
  if (first === undefined) return;
  const dot = (width * side * first.thickness) / 2;
  context.beginPath();
  context.arc(first.x * side, first.y * side, dot, 0, 2 * Math.PI);
  context.fill();
  let from = first;
  for (const [at, point] of points.entries()) {
    const next = points[at + 1];
    const to = next === undefined ? point : { ...point, x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
    context.beginPath();
    context.lineWidth = width * side * point.thickness;
    context.moveTo(from.x * side, from.y * side);
    context.quadraticCurveTo(point.x * side, point.y * side, to.x * side, to.y * side);
    context.stroke();
    from = to;
  }
}
