/**
 * Points of charts as time goes by: each is asked for once, when its moment has come, and kept while its range shows it. So
 * a chart costs a few questions a step, and what is sent is bounded however long the board has run.
 */
import { type Chart, type ChartRange, chartRanges, drawn, windowOf } from './charts.ts';
import type { Ask } from './objective-rows.ts';
import type { RangeData } from './snapshot.ts';

interface Track {
  readonly range: ChartRange;
  times: number[];
  /** By chart and line. */
  lines: Map<string, (number | null)[]>;
}

/** Four digits tell all that a chart can show; sixteen would treble what is sent. */
export function rounded(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : Number(value.toPrecision(4));
}

const keyOf = (chart: Chart, name: string) => `${chart.id} ${name}`;

/** @throws {RangeError} for a range that there is not */
export function rangeOf(id: string): ChartRange {
  const range = chartRanges.find((one) => one.id === id);
  if (range === undefined)
    throw new RangeError(`no range ${id}: there are ${chartRanges.map((one) => one.id).join(', ')}`);
  return range;
}

export class ChartPoints {
  readonly #tracks: readonly Track[] = chartRanges.map((range) => ({ range, times: [], lines: new Map() }));

  /** Adds the points whose moments have come since the last call. @param askAt the source's answers at a moment */
  advance(charts: readonly Chart[], askAt: (epochMs: number) => Ask, nowEpochMs: number): void {
    for (const track of this.#tracks) {
      const { stepMs, spanMs } = track.range;
      const newest = Math.floor(nowEpochMs / stepMs) * stepMs;
      const last = track.times.at(-1);
      if (last !== undefined && last > newest) clear(track); // the clock was set back
      const next = Math.max(last === undefined || last > newest ? newest : last + stepMs, newest - spanMs);
      for (let epochMs = next; epochMs <= newest; epochMs += stepMs) add(track, charts, askAt(epochMs), epochMs);
      trim(track, newest - spanMs);
    }
  }

  /** @throws {RangeError} for a range that there is not */
  of(rangeId: string, charts: readonly Chart[], nowEpochMs: number): RangeData {
    const range = rangeOf(rangeId);
    const track = this.#tracks.find((one) => one.range === range);
    const times = track?.times ?? [];
    return {
      range: range.id,
      spanMs: range.spanMs,
      stepMs: range.stepMs,
      toEpochMs: nowEpochMs,
      times: times.map((epochMs) => epochMs / 1_000),
      charts: drawn(charts, (chart, name) => track?.lines.get(keyOf(chart, name)) ?? times.map(() => null)),
    };
  }
}

function clear(track: Track): void {
  track.times = [];
  track.lines = new Map();
}

function add(track: Track, charts: readonly Chart[], ask: Ask, epochMs: number): void {
  const windowMs = windowOf(track.range);
  track.times.push(epochMs);
  for (const chart of charts) {
    for (const { name, expression } of chart.lines) {
      const key = keyOf(chart, name);
      const values = track.lines.get(key) ?? [];
      while (values.length < track.times.length - 1) values.push(null); // a line that came later
      values.push(rounded(ask(expression(windowMs))));
      track.lines.set(key, values);
    }
  }
}

function trim(track: Track, fromEpochMs: number): void {
  const dropped = track.times.findIndex((epochMs) => epochMs >= fromEpochMs);
  if (dropped < 1) return;
  track.times.splice(0, dropped);
  for (const [key, values] of track.lines) {
    values.splice(0, dropped);
    if (values.every((value) => value === null)) track.lines.delete(key); // also of providers that are gone
  }
}
