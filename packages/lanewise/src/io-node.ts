// lanewise/io/node

export * from "@lanewise/io/node";
