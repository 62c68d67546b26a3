// What must compile, and what must not: each directive below is proved necessary by the suite.

import { Conv2d, Flatten, Linear, ReLU, Sequential } from "@lanewise/nn";
import {
  add,
  type Conv2dOptions,
  conv2d,
  crossEntropy,
  gt,
  linear,
  matmul,
  mean,
  reshape,
  sum,
  type Tensor,
  where,
  zeros,
} from "@lanewise/tensor";

declare const images: Tensor<[number, 784]>;
declare const weights: Tensor<[784, 10]>;
declare const unknown: Tensor;
declare const sized: Tensor<[number, number]>;
declare const labels: Tensor<[number], "i32">;
declare const pictures: Tensor<[number, 32, 32, 3]>;
declare const filters: Tensor<[3, 3, 3, 16]>;
declare const options: Conv2dOptions;

// Sizes flow.
export const logits: Tensor<[number, 10]> = matmul(images, weights);
export const biased: Tensor<[number, 10]> = add(logits, zeros([10]));
export const column: Tensor<[number, 1]> = sum(biased, { axis: 1, keepDim: true });
export const scalar: Tensor<[]> = mean(column);
export const rows: Tensor<[3, number]> = reshape(unknown, [3, -1]);
export const loss: Tensor<[]> = crossEntropy(logits, labels);
export const losses: Tensor<[number]> = crossEntropy(logits, labels, { reduction: "none" });

export const mask: Tensor<[number, 10], "bool"> = gt(logits, zeros([10]));
export const masked: Tensor<[number, 10]> = where(mask, logits, zeros([]));

// Channels flow through convolutions; heights and widths are numbers.
export const filtered: Tensor<[number, number, number, 16]> = conv2d(pictures, filters, zeros([16]), {
  padding: "same",
});
export const single: Tensor<[8, number, number, 16]> = conv2d(zeros([8, 32, 32, 3]), filters);
export const depthwise: Tensor<[number, number, number, 32]> = conv2d(filtered, zeros([3, 3, 1, 32]), null, {
  groups: 16,
});

// What is not known fits everywhere.
export const openPictures: Tensor<[number, number, number, 16]> = conv2d(unknown, filters, null, options);
export const open: Tensor<[number, number]> = matmul(images, sized);
export const opener: Tensor<[number, number]> = matmul(images, unknown as Tensor<[number, number]>);
export const opened: Tensor = add(unknown, images);

// @ts-expect-error inner sizes 784 and 128
matmul(images, zeros([128, 10]));
// @ts-expect-error a vector is no matrix
matmul(images, zeros([784]));
// @ts-expect-error 10 meets 9
add(logits, zeros([9]));
// @ts-expect-error 10 meets 9
gt(logits, zeros([9]));
// @ts-expect-error labels are i32, logits f32
gt(labels, zeros([]));
// @ts-expect-error numbers are no mask
where(logits, logits, logits);
// @ts-expect-error labels are i32
crossEntropy(logits, zeros([5]));
// @ts-expect-error no batch of labels for 4 rows is 5 long
crossEntropy(zeros([4, 10]), labels as Tensor<[5], "i32">);
// @ts-expect-error the last size is 783
linear(zeros([2, 783]), weights, zeros([10]));
// @ts-expect-error the bias is 9 long
linear(images, weights, zeros([9]));

// @ts-expect-error 16 channels meet filters for 3
conv2d(filtered, filters);
// @ts-expect-error rows are no images
conv2d(images, filters);
// @ts-expect-error the bias is 15 long
conv2d(pictures, filters, zeros([15]));
// @ts-expect-error no such padding
conv2d(pictures, filters, null, { padding: "full" });
// @ts-expect-error no such option
conv2d(pictures, filters, null, { strides: 2 });

// Layers chain.
const model = new Sequential(new Linear(784, 256), new ReLU(), new Linear(256, 10));
export const output: Tensor<[number, 10]> = model.forward(images);
export const exact: Tensor<[64, 10]> = model.forward(zeros([64, 784]));
export const flat: Tensor<[number, number]> = new Sequential(new Flatten()).forward(zeros([2, 28, 28, 1]));

declare const hiddens: number[];
const layers = hiddens.map((width) => new Linear(width, width));
export const unknownLength: Tensor = new Sequential(...layers).forward(images);

// @ts-expect-error 256 meets 128
new Sequential(new Linear(784, 256), new ReLU(), new Linear(128, 10));
// @ts-expect-error the input has 700 columns
model.forward(zeros([64, 700]));
// @ts-expect-error the output has 10 columns, not 11
export const wrong: Tensor<[number, 11]> = model.forward(images);

const pictureModel = new Sequential(
  new Conv2d(3, 16, 3, { padding: 1 }),
  new ReLU(),
  new Conv2d(16, 8, 3, { stride: 2, groups: 2 }),
  new Flatten(),
  new Linear(8 * 15 * 15, 10),
);
export const classes: Tensor<[number, 10]> = pictureModel.forward(pictures);

// @ts-expect-error 16 channels meet 8
new Sequential(new Conv2d(3, 16, 3), new ReLU(), new Conv2d(8, 8, 3));
// @ts-expect-error rows are no images
new Sequential(new Linear(784, 256), new Conv2d(256, 8, 3));
// @ts-expect-error the images have one channel
pictureModel.forward(zeros([64, 28, 28, 1]));
// @ts-expect-error no images
pictureModel.forward(images);
