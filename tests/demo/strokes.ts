// Digits as somebody writes them: strokes of points in a unit square.

export type Points = readonly (readonly [x: number, y: number])[];

/** Points on an ellipse from one angle to another, in degrees clockwise from the right. */
function arc(x: number, y: number, rx: number, ry: number, from: number, to: number): Points {
  const count = Math.max(2, Math.ceil(Math.abs(to - from) / 24));
  return Array.from({ length: count + 1 }, (_, at) => {
    const angle = ((from + ((to - from) * at) / count) * Math.PI) / 180;
    return [x + rx * Math.cos(angle), y + ry * Math.sin(angle)] as const;
  });
}

/** By digit. */
export const strokesOf: readonly (readonly Points[])[] = [
  [arc(0.5, 0.5, 0.32, 0.5, -80, 290)],
  [
    [
      [0.56, 0],
      [0.5, 0.5],
      [0.45, 1],
    ],
  ],
  [[...arc(0.48, 0.27, 0.3, 0.27, -165, 30), [0.5, 0.66], [0.16, 0.98], [0.5, 0.95], [0.86, 0.98]]],
  [[...arc(0.46, 0.25, 0.3, 0.25, -150, 85), ...arc(0.46, 0.74, 0.34, 0.26, -85, 150)]],
  [
    [
      [0.3, 0],
      [0.2, 0.5],
      [0.45, 0.56],
      [0.8, 0.5],
    ],
    [
      [0.72, 0.05],
      [0.7, 0.5],
      [0.66, 1],
    ],
  ],
  [
    [[0.34, 0.02], [0.28, 0.44], ...arc(0.46, 0.7, 0.34, 0.3, -110, 150)],
    [
      [0.34, 0.02],
      [0.78, 0],
    ],
  ],
  [[[0.62, 0], [0.34, 0.36], ...arc(0.48, 0.72, 0.27, 0.28, -170, 190)]],
  [
    [
      [0.15, 0.04],
      [0.5, 0.04],
      [0.84, 0.02],
      [0.6, 0.45],
      [0.42, 1],
    ],
  ],
  [
    [
      ...arc(0.5, 0.25, 0.26, 0.25, -60, -270),
      ...arc(0.5, 0.75, 0.3, 0.25, -90, 270),
      ...arc(0.5, 0.25, 0.26, 0.25, 90, -60),
    ],
  ],
  [[...arc(0.48, 0.28, 0.28, 0.28, -20, -380), [0.74, 0.5], [0.64, 1]]],
];
