// The one visual design of plots, pictures and documents: colours, type, sizes in points.

/** Okabe and Ito's colours in the order series get them: told apart by colour-blind readers, and in grey by lightness. */
export const palette = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#5B5B5B"] as const;

export const ink = { text: "#1f2328", muted: "#5f6670", line: "#a8adb4", grid: "#e7e9ec", paper: "#ffffff" } as const;

/** Blue tints for amounts, orange ones for mistakes; the diverging pair meets in white. */
export const tints = {
  amount: ["#ffffff", "#c6dbef", "#6baed6", "#2171b5", "#08306b"],
  mistake: ["#ffffff", "#fdd9bf", "#f8a56c", "#d55e00", "#8a3d00"],
  diverging: ["#a34700", "#e08a4a", "#f9dfcc", "#ffffff", "#cbdff0", "#5a9fcf", "#0b4f85"],
} as const;

/** Families as the bundled fonts name themselves; the SVG form is quoted, since a bare `3` ends a CSS name. */
export const families = {
  sans: "Source Sans 3",
  serif: "STIX Two Text",
  math: "STIX Two Math",
  mono: "Source Code Pro",
};
export const svgSans = `'${families.sans}'`;

export const sizes = { label: 9, title: 10, small: 8 } as const;

/** Width of the text block of a page; a chart of this width is set at its natural size. */
export const textWidth = 436;
