/** A chart of days: lines, a band, marks. What it shows is also told in words beside it, and by the arrow keys. */
import uPlot from 'uplot';
import { byId, setText } from '../../board/browser/dom.ts';
import { shortDay } from '../local-day.ts';

export interface ChartLine {
  readonly values: readonly number[];
  /** Token of its colour. */
  readonly color: string;
  readonly widthPx: number;
  readonly dash?: readonly number[];
  /** Token of the colour below the line. */
  readonly fill?: string;
}

export interface TimeChart {
  readonly label: string;
  /** Days since 1970. */
  readonly days: readonly number[];
  readonly lines: readonly ChartLine[];
  /** Two lines by their places, and the token of what lies between them. */
  readonly band?: { readonly low: number; readonly high: number; readonly color: string };
  /** On the last line: what comes in points up, what goes out points down. */
  readonly marks?: readonly { readonly index: number; readonly minor: number }[];
  /** From here on the chart is paler. */
  readonly unsureFrom?: number;
  readonly heightPx: number;
  readonly hasAxes: boolean;
  readonly tick: (value: number) => string;
  /** The place under the cursor; `undefined` without one. */
  readonly onPoint: (index: number | undefined) => void;
  /** What a place says, for the arrow keys. */
  readonly says: (index: number) => string;
}

interface Drawing {
  readonly place: HTMLElement;
  readonly chart: TimeChart;
  plot: uPlot;
}

/** Below this share of the highest value the lowest one is near zero, and zero belongs into the picture. */
const zeroWithin = 0.45;
const drawings = new Map<HTMLElement, Drawing>();

function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function rangeOf({ lines }: TimeChart): readonly [number, number] {
  const values = lines.flatMap((line) => line.values);
  const [lowest, highest] = [Math.min(...values), Math.max(...values)];
  const withZero = lowest > 0 && lowest < highest * zeroWithin;
  const [from, to] = [withZero ? 0 : lowest, highest < 0 && highest > lowest * zeroWithin ? 0 : highest];
  const room = Math.max((to - from) * 0.1, Math.abs(to) * 0.02, 1);
  return [withZero ? 0 : from - room, to === 0 ? 0 : to + room];
}

function paintUnder(plot: uPlot, chart: TimeChart): void {
  const { ctx, bbox } = plot;
  const [from, to] = rangeOf(chart);
  if (from > 0 || to < 0) return;
  const y = plot.valToPos(0, 'y', true);
  ctx.save();
  ctx.strokeStyle = token('--limit');
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.restore();
}

function paintOver(plot: uPlot, { marks = [], lines, days, unsureFrom }: TimeChart): void {
  const { ctx, bbox } = plot;
  ctx.save();
  if (unsureFrom !== undefined && unsureFrom < days.length - 1) {
    const x = plot.valToPos(days[unsureFrom] ?? 0, 'x', true);
    ctx.fillStyle = token('--card');
    ctx.globalAlpha = 0.6;
    ctx.fillRect(x, bbox.top, bbox.left + bbox.width - x, bbox.height);
    ctx.globalAlpha = 1;
  }
  const size = 5 * devicePixelRatio;
  for (const { index, minor } of marks) {
    const x = plot.valToPos(days[index] ?? 0, 'x', true);
    const y = plot.valToPos(lines.at(-1)?.values[index] ?? 0, 'y', true);
    const up = minor >= 0 ? 1 : -1;
    ctx.fillStyle = token(up === 1 ? '--good' : '--line-2');
    ctx.strokeStyle = token('--card');
    ctx.lineWidth = 1.5 * devicePixelRatio;
    ctx.beginPath();
    ctx.moveTo(x, y - up * size * 1.2);
    ctx.lineTo(x + size, y + up * size * 0.8);
    ctx.lineTo(x - size, y + up * size * 0.8);
    ctx.closePath();
    ctx.fill();
    ctx.stroke();
  }
  ctx.restore();
}

function optionsOf(chart: TimeChart, widthPx: number): uPlot.Options {
  const [min, max] = rangeOf(chart);
  const axis = {
    stroke: token('--muted'),
    grid: { stroke: token('--line'), width: 1 },
    ticks: { show: false },
    font: '11px system-ui, sans-serif',
    show: chart.hasAxes,
  };
  const { band } = chart;
  return {
    width: widthPx,
    height: chart.heightPx,
    padding: chart.hasAxes ? [10, 14, 0, 0] : [4, 2, 4, 2],
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, y: false, points: { size: 7 } },
    scales: { x: { time: false }, y: { auto: false, range: [min, max] } },
    axes: [
      { ...axis, size: 26, incrs: [1, 7, 14, 28, 56], space: 64, values: (_, splits) => splits.map(shortDay) },
      { ...axis, size: 54, space: 36, values: (_, splits) => splits.map(chart.tick) },
    ],
    series: [
      {},
      ...chart.lines.map(({ color, widthPx: width, dash, fill }) => ({
        stroke: token(color),
        width,
        ...(dash !== undefined && { dash: [...dash] }),
        ...(fill !== undefined && { fill: token(fill), fillTo: Math.max(min, Math.min(0, max)) }),
        points: { show: false },
      })),
    ],
    ...(band !== undefined && {
      bands: [{ series: [band.high + 1, band.low + 1] as [number, number], fill: token(band.color) }],
    }),
    hooks: {
      drawAxes: [(plot) => paintUnder(plot, chart)],
      draw: [(plot) => paintOver(plot, chart)],
      setCursor: [({ cursor }) => chart.onPoint(cursor.idx ?? undefined)],
    },
  };
}

function plotOf(place: HTMLElement, chart: TimeChart): uPlot {
  const data = [chart.days, ...chart.lines.map(({ values }) => values)] as uPlot.AlignedData;
  const plot = new uPlot(optionsOf(chart, place.clientWidth || 300), data, place);
  plot.root.setAttribute('aria-hidden', 'true');
  return plot;
}

function moveBy(event: KeyboardEvent, { plot, chart }: Drawing): void {
  const steps = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
  if (steps === undefined) return;
  event.preventDefault();
  const index = Math.min(chart.days.length - 1, Math.max(0, (plot.cursor.idx ?? 0) + steps));
  plot.setCursor({ left: plot.valToPos(chart.days[index] ?? 0, 'x'), top: 10 });
  setText(byId('said'), chart.says(index));
}

const resizes = new ResizeObserver((entries) => {
  for (const { target, contentRect } of entries) {
    const drawing = drawings.get(target as HTMLElement);
    const width = Math.floor(contentRect.width);
    if (drawing !== undefined && width > 0 && width !== drawing.plot.width)
      drawing.plot.setSize({ width, height: drawing.chart.heightPx });
  }
});

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  for (const drawing of drawings.values()) {
    drawing.plot.destroy();
    drawing.plot = plotOf(drawing.place, drawing.chart);
  }
});

/** Draws into a place that is on the page; those that have left it are given up. */
export function drawChart(place: HTMLElement, chart: TimeChart): void {
  for (const [known, { plot }] of drawings) {
    if (known !== place && known.isConnected) continue;
    plot.destroy();
    resizes.unobserve(known);
    drawings.delete(known);
  }
  place.setAttribute('role', 'group');
  place.setAttribute('tabindex', '0');
  place.setAttribute('aria-label', `${chart.label}: left and right arrows move through the days`);
  const drawing: Drawing = { place, chart, plot: plotOf(place, chart) };
  drawings.set(place, drawing);
  resizes.observe(place);
  place.onkeydown = (event) => moveBy(event, drawing);
  place.onblur = () => drawing.plot.setCursor({ left: -10, top: -10 });
}
