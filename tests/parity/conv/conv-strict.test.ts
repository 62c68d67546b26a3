// Convolutions in the strict binary against PyTorch.
import { againstTorch } from "./against-torch.fixture.ts";

againstTorch(true, 2, 20);
