// The packages that carry Node's binary write os and cpu as strings; pnpm heeds lists only and would fetch every platform.
const asList = (value) => (typeof value === "string" ? [value] : value);

module.exports = {
  hooks: {
    readPackage: (manifest) =>
      /^node-(bin-)?(darwin|linux|win)-/.test(manifest.name)
        ? { ...manifest, os: asList(manifest.os), cpu: asList(manifest.cpu) }
        : manifest,
  },
};
