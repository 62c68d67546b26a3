// lanewise/nn

export * from "@lanewise/nn";
