/** A line chart as inline SVG: no script, no font, no host. Pure. */
import { escapeHtml } from './escape-html.ts';

export interface ChartLine {
  readonly name: string;
  /** One of the page's line styles. */
  readonly style: 'p50' | 'p95' | 'p99' | 'calm';
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Chart {
  readonly title: string;
  readonly unit: string;
  readonly lines: readonly ChartLine[];
  readonly bound?: { readonly value: number; readonly label: string };
  /** Values above are drawn at the upper edge: one spike must not flatten the rest. */
  readonly cutAt?: number;
}

const width = 760;
const height = 240;
const margin = { top: 16, right: 96, bottom: 30, left: 52 };
const gridLines = 4;

export function lineChart({ title, unit, lines, bound, cutAt }: Chart): string {
  const points = lines.flatMap((line) => line.points);
  const lastX = Math.max(1, ...points.map(([x]) => x));
  const highest = Math.max(bound === undefined ? 0 : bound.value * 1.15, ...points.map(([, y]) => y));
  const top = niceCeiling(Math.min(highest, cutAt ?? Number.POSITIVE_INFINITY) || 1);
  const toX = (x: number) => margin.left + (x / lastX) * (width - margin.left - margin.right);
  const toY = (y: number) => height - margin.bottom - (Math.min(y, top) / top) * (height - margin.top - margin.bottom);
  const at = (value: number) => value.toFixed(1);

  const grid = Array.from({ length: gridLines + 1 }, (_, index) => (top * index) / gridLines).map(
    (value) =>
      `<line class="grid" x1="${margin.left}" x2="${width - margin.right}" y1="${at(toY(value))}" y2="${at(toY(value))}"/>` +
      `<text class="tick" x="${margin.left - 8}" y="${at(toY(value) + 4)}" text-anchor="end">${Number(value.toPrecision(3))}</text>`,
  );
  const seconds = [0, lastX / 2, lastX].map(
    (x) => `<text class="tick" x="${at(toX(x))}" y="${height - 10}" text-anchor="middle">${Math.round(x)} s</text>`,
  );
  const limit =
    bound === undefined
      ? ''
      : `<line class="bound" x1="${margin.left}" x2="${width - margin.right}" y1="${at(toY(bound.value))}" y2="${at(toY(bound.value))}"/>` +
        `<text class="bound-label" x="${width - margin.right + 6}" y="${at(toY(bound.value) + 4)}">${escapeHtml(bound.label)}</text>`;
  const paths = lines.map(({ name, style, points: own }) => {
    const path = own.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${at(toX(x))} ${at(toY(y))}`).join(' ');
    return `<path class="line ${style}" d="${path}"><title>${escapeHtml(name)}</title></path>`;
  });
  const legend = lines.map(({ name, style }) => `<span class="legend ${style}">${escapeHtml(name)}</span>`);
  const cut =
    highest > top
      ? `<text class="tick" x="${margin.left + 4}" y="${margin.top - 4}">values above ${top} ${escapeHtml(unit)} are cut off here; the table has them</text>`
      : '';
  return (
    `<figure><figcaption>${escapeHtml(title)} <small>${escapeHtml(unit)}</small> ${legend.join(' ')}</figcaption>` +
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(title)}">` +
    `${grid.join('')}${seconds.join('')}${cut}${limit}${paths.join('')}</svg></figure>`
  );
}

/** The next round number: an axis should end at one. */
export function niceCeiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((each) => each * power >= value * 0.999_999) ?? 10;
  return Number((step * power).toPrecision(6));
}
