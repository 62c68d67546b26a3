// lanewise/interop

export * from "@lanewise/interop";
