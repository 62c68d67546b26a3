// lanewise/optim

export * from "@lanewise/optim";
