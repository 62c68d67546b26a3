// What the browser says of itself, as far as it matters here.

export interface Fact {
  readonly name: string;
  readonly value: string;
}

export async function browserFacts(): Promise<readonly Fact[]> {
  const { hardwareConcurrency, serviceWorker, userAgent } = navigator;
  return [
    { name: "Browser", value: browserIn(userAgent) },
    { name: "Logical cores", value: hardwareConcurrency > 0 ? String(hardwareConcurrency) : "not told" },
    { name: "Cross-origin isolated", value: crossOriginIsolated ? "yes" : "no" },
    { name: "Shared memory", value: typeof SharedArrayBuffer === "undefined" ? "no" : "yes" },
    { name: "Private file system", value: (await hasPrivateFiles()) ? "yes" : "no" },
    { name: "Service worker", value: serviceWorkerState(serviceWorker as ServiceWorkerContainer | undefined) },
  ];
}

/** "Firefox 140", or the whole of it where nothing is recognized. */
export function browserIn(userAgent: string): string {
  const names = [
    [/\bEdg(?:A|iOS)?\/(\d+)/, "Edge"],
    [/\bOPR\/(\d+)/, "Opera"],
    [/\b(?:Firefox|FxiOS)\/(\d+)/, "Firefox"],
    [/\b(?:Headless)?Chrom(?:e|ium)\/(\d+)/, "Chromium"],
    [/\bCriOS\/(\d+)/, "Chrome for iOS"],
    [/\bVersion\/(\d+)[\d.]* .*\bSafari\//, "Safari"],
  ] as const;
  for (const [pattern, name] of names) {
    const version = pattern.exec(userAgent)?.[1];
    if (version !== undefined) return `${name} ${version}`;
  }
  return userAgent;
}

function serviceWorkerState(container: ServiceWorkerContainer | undefined): string {
  if (container === undefined) return "not available";
  return container.controller === null ? "not in use" : "in use";
}

async function hasPrivateFiles(): Promise<boolean> {
  try {
    await navigator.storage.getDirectory();
    return true;
  } catch {
    return false;
  }
}
