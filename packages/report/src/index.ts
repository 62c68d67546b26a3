// Plots, picture grids and typeset reports from plain numbers and strings; everything is returned, nothing written to disk.
export type { Axis } from "./charts/axis.ts";
export { type BarChart, type BarSeries, barChart } from "./charts/bar.ts";
export { type ConfusionMatrix, confusionMatrix, type HeatMap, heatMap } from "./charts/heatmap.ts";
export { type LineChart, lineChart, type Note, type Series } from "./charts/line.ts";
export type { ChartSize } from "./charts/render.ts";
export { type Classification, classificationBlocks } from "./classification.ts";
export { type Marked, md, type Text } from "./document/inline.ts";
export {
  type Block,
  type Cell,
  type Column,
  code,
  columns,
  type Fact,
  type Figure,
  facts,
  figure,
  formula,
  type KeyFigure,
  keyFigures,
  list,
  note,
  numberedList,
  pageBreak,
  paragraph,
  type Report,
  type Section,
  section,
  statement,
  type Table,
  table,
} from "./document/model.ts";
export { pdfOfReport } from "./document/typeset.ts";
export { type DrawnGrid, type GridDrawing, gridDrawing } from "./grid.ts";
export { type GridImage, type ImageGrid, imageGrid, pngOfPixels } from "./image-grid.ts";
export { type NetworkDrawing, type NetworkLayer, networkDrawing } from "./network.ts";
export { byteSize, duration, type Format, fixed, integer, percent, plain, powerOfTen, significant } from "./numbers.ts";
export { pngOfSvg, type Raster } from "./raster.ts";
export { palette } from "./style.ts";
