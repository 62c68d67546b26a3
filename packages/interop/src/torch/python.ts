// Python as text: names, numbers, calls with keywords; and the few classes that PyTorch lacks.

const KEYWORDS =
  "False None True and as assert async await break class continue def del elif else except finally for from global if " +
  "import in is lambda nonlocal not or pass raise return try while with yield";

/** Refuses what is no name of a class in Python. */
export function checkClassName(name: string): void {
  if (/^[A-Za-z_]\w*$/.test(name) && !KEYWORDS.split(" ").includes(name) && !(name in CLASSES)) return;
  throw new RangeError(`torchModule: className '${name}' came, expected a name of a Python class, such as Model`);
}

/** A keyword's value as Python writes it. */
export type Argument = number | boolean | string | null | readonly number[];

/** "nn.Conv2d(3, 8, (3, 3), padding=(1, 1))": keywords that have their default are left out. */
export function call(
  name: string,
  positional: readonly Argument[],
  keywords: Readonly<Record<string, readonly [value: Argument, byDefault: Argument]>> = {},
): string {
  const given = Object.entries(keywords)
    .map(([key, [value, byDefault]]) => [key, literal(value), literal(byDefault)] as const)
    .filter(([, value, byDefault]) => value !== byDefault)
    .map(([key, value]) => `${key}=${value}`);
  return `${name}(${[...positional.map(literal), ...given].join(", ")})`;
}

function literal(value: Argument): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") return String(value); // Python reads JavaScript's shortest form as the same number
  return `(${value.join(", ")}${value.length === 1 ? "," : ""})`;
}

/** Classes that a generated module may need, each written only where it is used. */
export const CLASSES = {
  Scale: `class Scale(nn.Module):
    """x times a fixed number."""

    def __init__(self, factor: float) -> None:
        super().__init__()
        self.factor = factor

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * self.factor`,
  FlattenChannelsLast: `class FlattenChannelsLast(nn.Module):
    """Images to rows in the order row, column, channel."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.permute(0, 2, 3, 1).flatten(1)`,
  PaddedConv2d: `class PaddedConv2d(nn.Conv2d):
    """A convolution with a padding of zeros for each side: left, right, top, bottom."""

    def __init__(self, *args, sides: tuple, **options) -> None:
        super().__init__(*args, **options)
        self.sides = sides

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return super().forward(nn.functional.pad(x, self.sides))`,
  SameConv2d: `class SameConv2d(nn.Conv2d):
    """A convolution padded by TensorFlow's rule: ceil(size / stride) results along each side."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        sides = []
        for axis in (1, 0):
            size, stride = x.shape[2 + axis], self.stride[axis]
            span = self.dilation[axis] * (self.kernel_size[axis] - 1) + 1
            missing = max(0, (-(-size // stride) - 1) * stride + span - size)
            sides += [missing // 2, missing - missing // 2]
        return super().forward(nn.functional.pad(x, sides))`,
} as const;

export type ClassName = keyof typeof CLASSES;
