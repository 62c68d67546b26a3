// What must compile, and what must not: each directive below is proved necessary by the suite.

import { Flatten, Linear, ReLU, Sequential } from "@lanewise/nn";
import { add, crossEntropy, gt, linear, matmul, mean, reshape, sum, type Tensor, where, zeros } from "@lanewise/tensor";

declare const images: Tensor<[number, 784]>;
declare const weights: Tensor<[784, 10]>;
declare const unknown: Tensor;
declare const sized: Tensor<[number, number]>;
declare const labels: Tensor<[number], "i32">;

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

// What is not known fits everywhere.
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
