// lanewise/train/node

export * from "@lanewise/train/node";
