// A curve that grows for ever and stays small: when it has too many points, neighbours become their mean.

export interface Point {
  readonly x: number;
  readonly y: number;
}

const MOST_POINTS = 400;

export class Series {
  #points: Point[] = [];
  /** How many of what came makes a point. */
  #stride = 1;
  #sum = { x: 0, y: 0, count: 0 };

  get points(): readonly Point[] {
    return this.#points;
  }

  add(x: number, y: number): void {
    const { x: xs, y: ys, count } = this.#sum;
    this.#sum = { x: xs + x, y: ys + y, count: count + 1 };
    if (this.#sum.count < this.#stride) return;
    this.#points.push({ x: this.#sum.x / this.#stride, y: this.#sum.y / this.#stride });
    this.#sum = { x: 0, y: 0, count: 0 };
    if (this.#points.length < MOST_POINTS) return;
    this.#stride *= 2;
    this.#points = this.#points
      .filter((_, at) => at % 2 === 0)
      .map((point, at) => {
        const next = this.#points[2 * at + 1] ?? point;
        return { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
      });
  }
}
