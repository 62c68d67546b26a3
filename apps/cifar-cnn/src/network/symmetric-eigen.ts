// Eigenvalues and eigenvectors of a small symmetric matrix, by Jacobi's rotations: the same bits on every machine.
// Only + - * / and square roots are used, which IEEE 754 fixes to the last bit.

export interface Eigen {
  /** In falling order. */
  readonly values: Float64Array;
  /** `vectors[i]` belongs to `values[i]` and has length 1; its largest component is positive. */
  readonly vectors: readonly Float64Array[];
}

const MAX_SWEEPS = 50;

/** Eigen decomposition of a symmetric n x n matrix in row order (C. G. J. Jacobi, 1846; the cyclic form). */
export function symmetricEigen(matrix: Float64Array, n: number): Eigen {
  const a = Float64Array.from(matrix);
  const v = Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0));
  const total = a.reduce((sum, value) => sum + value * value, 0);
  if (!Number.isFinite(total)) throw new RangeError("symmetricEigen: the matrix holds a number that is not finite");
  for (let sweep = 0; offDiagonal(a, n) > 1e-30 * total; sweep++) {
    if (sweep === MAX_SWEEPS) throw new Error(`symmetricEigen: no convergence after ${MAX_SWEEPS} sweeps`);
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(a, v, n, p, q);
  }
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => a[j * n + j]! - a[i * n + i]!);
  return {
    values: Float64Array.from(order, (i) => a[i * n + i]!),
    vectors: order.map((i) => oriented(Float64Array.from({ length: n }, (_, row) => v[row * n + i]!))),
  };
}

function offDiagonal(a: Float64Array, n: number): number {
  let sum = 0;
  for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) sum += a[p * n + q]! * a[p * n + q]!;
  return sum;
}

/** Makes a[p][q] zero by a rotation in the plane of p and q, and turns the vectors along. */
function rotate(a: Float64Array, v: Float64Array, n: number, p: number, q: number): void {
  const apq = a[p * n + q]!;
  if (apq === 0) return;
  const theta = (a[q * n + q]! - a[p * n + p]!) / (2 * apq);
  const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const cos = 1 / Math.sqrt(t * t + 1);
  const sin = t * cos;
  const turn = (m: Float64Array, i: number, j: number): void => {
    const [x, y] = [m[i]!, m[j]!];
    m[i] = cos * x - sin * y;
    m[j] = sin * x + cos * y;
  };
  for (let k = 0; k < n; k++) turn(a, k * n + p, k * n + q);
  for (let k = 0; k < n; k++) turn(a, p * n + k, q * n + k);
  for (let k = 0; k < n; k++) turn(v, k * n + p, k * n + q);
}

function oriented(vector: Float64Array): Float64Array {
  const largest = vector.reduce((best, x) => (Math.abs(x) > Math.abs(best) ? x : best), 0);
  return largest < 0 ? vector.map((x) => -x) : vector;
}
