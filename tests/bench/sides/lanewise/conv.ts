// A convolution by the public API: the filters' transform, the bias and the release of the result are part of a call.
import { conv2d, scope, type Tensor, tensor } from "lanewise";
import { convolutionInputs, convolutionOf, outSize } from "../convolutions.ts";
import type { Request, Task } from "../tasks.ts";

export function conv(request: Request): Task {
  const c = convolutionOf(request);
  const both = request.pass === "both";
  const inputs = convolutionInputs(c);
  const images = tensor(inputs.images, {
    shape: [c.batch, c.size, c.size, c.inChannels],
    requiresGrad: both && c.inputGradient === 1,
  }) as Tensor<readonly [number, number, number, number]>;
  const filters = tensor(inputs.filters, {
    shape: [c.kernel, c.kernel, c.inChannels / c.groups, c.outChannels],
    requiresGrad: both,
  });
  const bias = tensor(inputs.bias, { shape: [c.outChannels], requiresGrad: both });
  const options = { stride: c.stride, padding: c.padding, groups: c.groups };
  const forward = (): Tensor => conv2d(images, filters, bias, options) as Tensor;
  if (!both) {
    return {
      value: () => scope(() => forward().data().at(-1)!),
      run: () => forward().release(),
    };
  }
  const side = outSize(c);
  const gradient = tensor(inputs.gradient, { shape: [c.batch, side, side, c.outChannels] }) as Tensor;
  const step = (): void => forward().backward({ gradient });
  const forget = (): void => {
    for (const input of [images, filters, bias]) input.zeroGrad();
  };
  return {
    value: () =>
      scope(() => {
        step();
        const value = filters.grad!.data().at(-1)!;
        forget();
        return value;
      }),
    run: () =>
      scope(() => {
        step();
        forget();
      }),
  };
}
