// Convolutions in the fast binary against PyTorch.
import { againstTorch } from "./against-torch.fixture.ts";

againstTorch(false, 1, 30);
