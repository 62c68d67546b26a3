// The module that the set-up writes beside each binary.
declare module "*/embedded.js" {
  /** Base64 of the binary, packed by gzip or Zstandard. */
  const base64: string;
  export default base64;
}
