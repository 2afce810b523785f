/**
 * Stacked bars, laid out for a picture that the server draws (`bar-chart.njk`). What the bars are made of is told by pattern and order
 * as well as by colour, and every chart stands beside a table with the same numbers.
 *
 *     const chart = layOutBars({ id: "trend", points: [{ name: "1 June", mark: "1 Jun", values: [3, 1] }], series, … });
 */

/** Where a chart is drawn; each is laid out for itself, so that its words are as large on a phone as elsewhere. */
const SIZES = {
  wide: { width: 960, height: 300, marksMax: 12 },
  narrow: { width: 300, height: 220, marksMax: 4 },
} as const satisfies Record<string, Size>;

const LEFT = 56;
const RIGHT = 8;
const TOP = 12;
const BOTTOM = 36;
const BAR_SHARE = 0.72;
const BAR_WIDTH_MAX = 56;
const STEPS_MAX = 5;
/** A part that is there is seen, however small. */
const PART_HEIGHT_MIN = 2;

/** How a part of a bar looks; each has a colour and a pattern of its own. */
export type BarKind = "delivered" | "sending" | "failed" | "plain";

export interface BarSeries {
  kind: BarKind;
  name: string;
}

export interface BarPoint {
  /** For whoever points at the bar. */
  name: string;
  /** Under the axis, where there is room. */
  mark: string;
  /** One for each series. */
  values: readonly number[];
}

export interface BarChartWish {
  /** Unique on its page. */
  id: string;
  title: string;
  description: string;
  series: readonly BarSeries[];
  points: readonly BarPoint[];
  show: (value: number) => string;
  /** Values are counted, not measured: no steps between whole numbers. */
  isWhole?: boolean;
}

export interface BarChart {
  id: string;
  title: string;
  description: string;
  legend: readonly BarSeries[];
  /** The same bars for each size of screen; one is shown. */
  drawings: readonly BarDrawing[];
}

export interface BarDrawing {
  size: keyof typeof SIZES;
  width: number;
  height: number;
  left: number;
  right: number;
  lines: readonly { y: number; text: string }[];
  marks: readonly { x: number; y: number; text: string }[];
  bars: readonly { title: string; parts: readonly BarPart[] }[];
}

export interface BarPart {
  kind: BarKind;
  x: number;
  y: number;
  width: number;
  height: number;
}

interface Size {
  width: number;
  height: number;
  /** Under the bars, so that they do not run into each other. */
  marksMax: number;
}

export function layOutBars(wish: BarChartWish): BarChart {
  const { id, title, description, series } = wish;
  const drawings = (["wide", "narrow"] as const).map((size) => ({ size, ...drawBars(wish, SIZES[size]) }));
  return { id, title, description, legend: series, drawings };
}

function drawBars(wish: BarChartWish, { width, height, marksMax }: Size): Omit<BarDrawing, "size"> {
  const { series, points, show, isWhole = false } = wish;
  const steps = stepsTo(Math.max(0, ...points.map(sumOf)), isWhole);
  const slot = (width - LEFT - RIGHT) / Math.max(1, points.length);
  const scale = { top: steps.at(-1) ?? 1, ground: height - BOTTOM };
  const every = Math.ceil(points.length / marksMax);
  return {
    width,
    height,
    left: LEFT,
    right: width - RIGHT,
    lines: steps.map((step) => ({ y: round(scale.ground - heightOf(step, scale)), text: show(step) })),
    marks: points.flatMap(({ mark }, index) =>
      index % every === 0 ? [{ x: round(LEFT + slot * (index + 0.5)), y: scale.ground + 24, text: mark }] : [],
    ),
    bars: points.map((point, index) => ({
      title: `${point.name}: ${series.map(({ name }, at) => `${name} ${show(point.values[at] ?? 0)}`).join(", ")}`,
      parts: stack(point, { series, scale, left: LEFT + slot * index, slot }),
    })),
  };
}

/** Round steps from nothing up to at least the largest value.  stepsTo(87) → [0, 20, 40, 60, 80, 100] */
export function stepsTo(largest: number, isWhole = false): number[] {
  if (largest <= 0) return [0, 1];
  const least = largest / STEPS_MAX;
  const power = 10 ** Math.floor(Math.log10(least));
  const rounded =
    [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= least * (1 - 1e-9)) ?? 10 * power;
  const step = isWhole ? Math.max(1, rounded) : rounded;
  const count = Math.ceil(largest / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}

interface Scale {
  /** The largest value there is room for. */
  top: number;
  /** Where the axis is. */
  ground: number;
}

interface Place {
  series: readonly BarSeries[];
  scale: Scale;
  left: number;
  slot: number;
}

/** From the axis up, in the order of the series. */
function stack({ values }: BarPoint, { series, scale, left, slot }: Place): BarPart[] {
  const width = Math.min(slot * BAR_SHARE, BAR_WIDTH_MAX);
  const parts: BarPart[] = [];
  let { ground } = scale;
  for (const [index, { kind }] of series.entries()) {
    const value = values[index] ?? 0;
    if (value <= 0) continue;
    const height = Math.max(PART_HEIGHT_MIN, heightOf(value, scale));
    ground -= height;
    parts.push({
      kind,
      x: round(left + (slot - width) / 2),
      y: round(ground),
      width: round(width),
      height: round(height),
    });
  }
  return parts;
}

function heightOf(value: number, { top, ground }: Scale): number {
  return (value / top) * (ground - TOP);
}

function sumOf({ values }: BarPoint): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
