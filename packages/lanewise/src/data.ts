// lanewise/data

export * from "@lanewise/data";
