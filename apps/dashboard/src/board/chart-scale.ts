/** What part of the world a chart shows: its axes follow the data that are there. Pure, also runs in the browser. */
import type { ChartData, RangeData } from './snapshot.ts';

/** Room above the highest line, and for the name of a limit. */
const headroom = 1.12;
/** A limit so many times above everything would press the lines flat. */
const limitOverDataAtMost = 4;
/** The least width, so that the first points are not stretched over the whole chart. */
const stepsAtLeast = 24;

interface Range {
  readonly min: number;
  readonly max: number;
}

function valuesOf({ lines }: Pick<ChartData, 'lines'>): readonly number[] {
  return lines.flatMap(({ values }) => values.filter((value) => value !== null));
}

/** A limit far above everything is named, not drawn. Without any value there is nothing to press flat. */
export function isDrawn(chart: ChartData, limit: number): boolean {
  const values = valuesOf(chart);
  return values.length === 0 || limit <= Math.max(0, ...values) * limitOverDataAtMost;
}

/** From 0, or below it where values are, to a little above the highest line or limit that is drawn. A share ends at 1. */
export function yRangeOf(chart: ChartData): Range {
  const limits = chart.limits.map(({ value }) => value).filter((value) => isDrawn(chart, value));
  const values = valuesOf(chart);
  const highest = Math.max(0, ...values, ...limits);
  const lowest = Math.min(0, ...values);
  const top = chart.unit === 'share' && highest <= 1 ? Math.min(1, highest * headroom) : highest * headroom;
  return { min: lowest * headroom, max: top > 0 ? top : lowest < 0 ? 0 : 1 };
}

/** Seconds: the range that was asked for, or, while there is less, what there is. */
export function xRangeOf({ times, charts, spanMs, stepMs, toEpochMs }: RangeData): Range {
  const max = toEpochMs / 1_000;
  const first = times.findIndex((_, index) =>
    charts.some(({ lines }) => lines.some(({ values }) => typeof values[index] === 'number')),
  );
  const widest = max - spanMs / 1_000;
  const narrowest = max - Math.min(spanMs, stepsAtLeast * stepMs) / 1_000;
  return { min: Math.max(widest, Math.min(narrowest, times[first] ?? widest)), max };
}

/** The parts of the y axis where a promise is broken or an alert fires; none out of sight, and none where nothing is judged. */
export function bandsOf(chart: ChartData): readonly Range[] {
  if (valuesOf(chart).length === 0) return [];
  const { min, max } = yRangeOf(chart);
  return chart.limits.flatMap(({ value, bad }) => {
    const band = bad === 'above' ? { min: value, max } : { min, max: value };
    return bad === undefined || !isDrawn(chart, value) || band.min >= band.max ? [] : [band];
  });
}
