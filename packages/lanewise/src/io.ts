// lanewise/io

export * from "@lanewise/io";
