// The pages of the demo: what each is called, and the module that it is loaded from when it is first visited.

/** A page's module. It is mounted once, at its first visit, and stays while other pages are shown. */
export interface Page {
  /** Builds the page into `root`, a section that the shell shows and hides; the function that comes back ends the page. */
  mount(root: HTMLElement): () => void;
}

export interface PageEntry {
  /** In the address, after the #. */
  readonly id: string;
  /** In the navigation. */
  readonly name: string;
  /** The page's heading. */
  readonly title: string;
  /** One sentence under it. */
  readonly about: string;
  load(): Promise<Page>;
}

export const pages: readonly PageEntry[] = [
  {
    id: "draw",
    name: "Draw",
    title: "Draw a digit",
    about: "With mouse, pen, finger or keyboard. A network reads along while you draw.",
    load: () => import("./draw/draw.ts"),
  },
  {
    id: "photo",
    name: "Photo",
    title: "Show it a photo",
    about: "A small convolutional network knows ten kinds of things. See what it makes of yours.",
    load: () => import("./photo/photo.ts"),
  },
  {
    id: "train",
    name: "Train",
    title: "Train a network",
    about: "From random numbers to reading handwriting in a few seconds, while you watch.",
    load: () => import("./train/train.ts"),
  },
  {
    id: "backend",
    name: "Backend",
    title: "What runs here",
    about: "Which kernels this browser runs, on how many threads, why, and how fast they are.",
    load: () => import("./backend/backend.ts"),
  },
];
