// A model as the source text of a PyTorch module: what a .pt of its state dict is loaded into.
import { type Module, Sequential } from "@lanewise/nn";
import { expressionOf, type Kind } from "./layers.ts";
import { CLASSES, type ClassName, checkClassName } from "./python.ts";

export interface TorchModuleOptions {
  /** The class's name (default Model). */
  className?: string;
  /** What the network takes, where its first layers could take either: images [N, C, H, W], or rows. */
  input?: "images" | "rows";
}

/**
 * Python source of a class that computes what `model` computes, with the same keys in its state dict. Images come as
 * PyTorch has them, [N, C, H, W]. Parameters that do not train here do not train there.
 */
export function torchModule(model: Sequential<readonly Module[]>, options: TorchModuleOptions = {}): string {
  const { className = "Model", input = "unknown" } = options;
  checkClassName(className);
  const writer = new LayerWriter(input);
  const layers = writer.write(model, "", "            ");
  const fixed = model.namedParameters().filter(([, parameter]) => !parameter.requiresGrad);
  const classes = [...writer.needed].sort().map((name) => `${CLASSES[name]}\n\n\n`);
  const freeze = fixed.map(([path]) => `        self.get_parameter("${path}").requires_grad_(False)\n`);
  return `# A network in PyTorch, generated from its description in Lanewise; its state dict has the same keys.
#
#     model = ${className}()
#     model.load_state_dict(torch.load(path, weights_only=True))
#     model.eval()
import torch
from torch import nn


${classes.join("")}class ${className}(nn.Sequential):
    def __init__(self) -> None:
        super().__init__(
${layers}
        )
${freeze.join("")}`;
}

/** Writes layers one under the other, keeping in mind what goes through them. */
class LayerWriter {
  readonly needed = new Set<ClassName>();
  #kind: Kind;

  constructor(kind: Kind) {
    this.#kind = kind;
  }

  write(model: Sequential<readonly Module[]>, path: string, indent: string): string {
    return model.layers.map((layer, index) => `${indent}${this.#layer(layer, `${path}${index}`, indent)},`).join("\n");
  }

  #layer(layer: Module, path: string, indent: string): string {
    if (layer instanceof Sequential) {
      return `nn.Sequential(\n${this.write(layer, `${path}.`, `${indent}    `)}\n${indent})`;
    }
    let expression: ReturnType<typeof expressionOf>;
    try {
      expression = expressionOf(layer, this.#kind);
    } catch (error) {
      throw new TypeError(`torchModule: layer ${path}: ${(error as Error).message}`);
    }
    if (expression === undefined) {
      throw new TypeError(
        `torchModule: layer ${path} (${layer.kind}) has no counterpart in PyTorch that is known here`,
      );
    }
    this.#kind = expression.gives;
    if (expression.needs !== undefined) this.needed.add(expression.needs);
    return expression.python;
  }
}
