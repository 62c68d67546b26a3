# Runs generated modules in the real PyTorch: torch_module.py NAME...; for torch-module.test.ts. For each NAME it loads
# NAME.py, NAME.pkl (our state) and NAME-ours.npz (our input and output), prints the largest relative difference of the
# outputs and which parameters are fixed, and writes NAME-theirs.pt and NAME-theirs.npz: other weights, and their output.
import runpy, sys
import numpy as np
import torch


def to_torch(x):
    return torch.from_numpy(x).permute(0, 3, 1, 2).contiguous() if x.ndim == 4 else torch.from_numpy(x)


def to_ours(y):
    return y.permute(0, 2, 3, 1).contiguous().numpy() if y.dim() == 4 else y.numpy()


torch.manual_seed(1)
for name in sys.argv[1:]:
    ours = np.load(name + "-ours.npz")
    model = runpy.run_path(name + ".py")["Net"]()
    model.load_state_dict(torch.load(name + ".pkl", weights_only=True))
    model.eval()
    x = to_torch(ours["x"])
    with torch.no_grad():
        y = to_ours(model(x))
        assert y.shape == ours["y"].shape, (name, y.shape, ours["y"].shape)
        difference = np.abs(y - ours["y"]).max() / max(1, np.abs(y).max())
        print(difference, *(path for path, p in model.named_parameters() if not p.requires_grad))
        for path, value in model.state_dict().items():
            if value.is_floating_point():
                positive = path.endswith("running_var")
                value.copy_(torch.rand(value.shape) + 0.5 if positive else torch.randn(value.shape) / 4)
            else:
                value.fill_(7)
        np.savez(name + "-theirs.npz", y=to_ours(model(x)))
        torch.save(model.state_dict(), name + "-theirs.pt")
