# Runs a generated module in the real PyTorch: torch_module.py MODULE.py STATE.pt INPUTS.npz OUT; for torch-module.test.ts.
# Prints how its outputs differ from ours (in INPUTS.npz), and writes OUT.pt and OUT.npz: other weights, and their outputs.
import runpy, sys
import numpy as np
import torch

module_path, state_path, inputs_path, out = sys.argv[1:]
source = runpy.run_path(module_path)
given = np.load(inputs_path)
model = source["Net"]()
model.load_state_dict(torch.load(state_path, weights_only=True))
model.eval()


def to_torch(x):
    return torch.from_numpy(x).permute(0, 3, 1, 2).contiguous() if x.ndim == 4 else torch.from_numpy(x)


def to_ours(y):
    return y.permute(0, 2, 3, 1).contiguous().numpy() if y.dim() == 4 else y.numpy()


x = to_torch(given["x"])
with torch.no_grad():
    y = to_ours(model(x))
    print(y.shape == given["y"].shape, float(np.abs(y - given["y"]).max() / max(1, np.abs(y).max())))
    print(" ".join(name for name, p in model.named_parameters() if not p.requires_grad))
    torch.manual_seed(1)
    for name, value in model.state_dict().items():
        if value.is_floating_point():
            value.copy_(torch.rand(value.shape) + 0.5 if name.endswith("running_var") else torch.randn(value.shape) / 4)
        else:
            value.fill_(7)
    np.savez(out + ".npz", y=to_ours(model(x)))
    torch.save(model.state_dict(), out + ".pt")
