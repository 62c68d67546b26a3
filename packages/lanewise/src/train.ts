// lanewise/train

export * from "@lanewise/train";
