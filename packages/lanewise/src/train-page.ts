// lanewise/train/page

export * from "@lanewise/train/page";
