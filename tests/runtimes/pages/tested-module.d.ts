// The module under test: whichever the bundle is made for.
declare module "tested-module" {
  const functions: Readonly<Record<string, (...values: unknown[]) => unknown>>;
  export = functions;
}
