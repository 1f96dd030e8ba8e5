/** The charts: the same data that programs get, drawn; every line told by its dash as well as its colour. */
import uPlot from 'uplot';
import { bandsOf, isDrawn, xRangeOf, yRangeOf } from '../chart-scale.ts';
import { milliseconds, percent, quantity } from '../figures.ts';
import type { ChartData, ChartUnit, RangeData } from '../snapshot.ts';
import { byId, element, setText } from './dom.ts';

const heightPx = 152;
const dashes = [[], [6, 4], [2, 3], [10, 3, 2, 3]];

function told(value: number | null | undefined, unit: ChartUnit): string {
  if (value === null || value === undefined) return 'no data';
  if (unit === 'ms') return milliseconds(value);
  if (unit === 'share') return percent(value);
  return unit === 'factor' ? `${value.toFixed(value < 10 ? 2 : 0)} ×` : `${quantity(value)}/min`;
}

function tick(value: number, unit: ChartUnit): string {
  // An overdrawn budget is many times what there was
  if (unit === 'share' && Math.abs(value) >= 10) return `${Number((value / 10).toPrecision(3))}k %`;
  if (unit === 'share') return `${Math.round(value * 100)} %`;
  return value >= 1_000 ? `${value / 1_000}k` : `${Number(value.toPrecision(3))}`;
}

function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

interface Drawing {
  readonly chart: ChartData;
  readonly plot: uPlot;
}

function dataOf({ times }: RangeData, chart: ChartData): uPlot.AlignedData {
  const limits = chart.limits.map(({ value }) => times.map(() => (isDrawn(chart, value) ? value : null)));
  return [times, ...chart.lines.map(({ values }) => values), ...limits] as uPlot.AlignedData;
}

/** Where a promise is broken: tinted, behind the lines. */
function paintBands(plot: uPlot, chart: ChartData): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.fillStyle = token('--band');
  for (const { min, max } of bandsOf(chart)) {
    const top = plot.valToPos(max, 'y', true);
    ctx.fillRect(bbox.left, top, bbox.width, plot.valToPos(min, 'y', true) - top);
  }
  ctx.restore();
}

/** What a chart shows must not depend on seeing it. */
function legend(chart: ChartData): HTMLElement {
  const lines = chart.lines.map(({ name }, index) =>
    element(
      'li',
      { 'data-line': `${index % 4}` },
      element('span', { class: 'key', 'aria-hidden': 'true' }),
      name,
      ' ',
      element('b'),
    ),
  );
  const limits = chart.limits.map(({ name, value }) =>
    element(
      'li',
      { 'data-line': 'limit' },
      element('span', { class: 'key', 'aria-hidden': 'true' }),
      isDrawn(chart, value) ? name : `${name} (above this scale)`,
    ),
  );
  return element('ul', { class: 'legend' }, ...lines, ...limits);
}

export class Charts {
  readonly #place = byId('charts');
  readonly #announcer = byId('point');
  #drawings: readonly Drawing[] = [];
  #data: RangeData | undefined;

  constructor() {
    new ResizeObserver(() => this.#resize()).observe(this.#place);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#draw());
  }

  show(data: RangeData): void {
    const shape = ({ range, charts }: RangeData) =>
      JSON.stringify([
        range,
        charts.map((chart) => [
          chart.id,
          chart.lines.map(({ name }) => name),
          chart.limits.map(({ value }) => isDrawn(chart, value)),
        ]),
      ]);
    const redraw = this.#data === undefined || shape(this.#data) !== shape(data);
    this.#data = data;
    if (redraw) this.#draw();
    else this.#update(data);
  }

  #update(data: RangeData): void {
    this.#drawings = this.#drawings.map(({ plot }, index) => ({ plot, chart: data.charts[index] as ChartData }));
    for (const { plot, chart } of this.#drawings) {
      plot.batch(() => {
        plot.setData(dataOf(data, chart), false);
        plot.setScale('x', xRangeOf(data));
        plot.setScale('y', yRangeOf(chart));
      });
    }
    this.#tell();
  }

  #draw(): void {
    const data = this.#data;
    if (data === undefined) return;
    for (const { plot } of this.#drawings) plot.destroy();
    const frames = data.charts.map((chart) => {
      const plotPlace = element('div', {
        class: 'plot',
        tabindex: '0',
        role: 'group',
        'aria-label': `${chart.title}: left and right arrows move through time`,
      });
      const caption = element(
        'figcaption',
        {},
        element('h3', {}, chart.title),
        element('span', { class: 'explains' }, chart.explains),
      );
      const figure = element('figure', { 'data-chart': chart.id }, caption, legend(chart), plotPlace);
      return { figure, plotPlace, chart };
    });
    this.#place.replaceChildren(...frames.map(({ figure }) => figure));
    this.#drawings = frames.map(({ plotPlace, chart }) => ({ chart, plot: this.#plot(plotPlace, chart, data) }));
    this.#tell();
  }

  #plot(place: HTMLElement, chart: ChartData, data: RangeData): uPlot {
    const ink = token('--muted');
    const grid = { stroke: token('--line'), width: 1 };
    const font = '11px system-ui, sans-serif';
    const axis = { stroke: ink, grid, ticks: { show: false }, font };
    const plot = new uPlot(
      {
        width: place.clientWidth,
        height: heightPx,
        padding: [8, 30, 0, 0],
        legend: { show: false },
        cursor: { sync: { key: 'board' }, drag: { x: false, y: false }, y: false, points: { size: 6 } },
        scales: {
          x: { time: true, auto: false, ...xRangeOf(data) },
          y: { auto: false, ...yRangeOf(chart) },
        },
        axes: [
          {
            ...axis,
            size: 24,
            values: [
              [3600, '{HH}:{mm}', null, null, null, null, null, null, 1],
              [60, '{HH}:{mm}', null, null, null, null, null, null, 1],
              [1, '{HH}:{mm}:{ss}', null, null, null, null, null, null, 1],
            ],
          },
          { ...axis, size: 46, values: (_, splits) => splits.map((value) => tick(value, chart.unit)) },
        ],
        series: [
          {},
          ...chart.lines.map((_, index) => ({
            stroke: token(`--line-${index % 4}`),
            width: index % 4 === 0 ? 2 : 1.5,
            dash: dashes[index % 4] ?? [],
            points: { show: false },
          })),
          ...chart.limits.map(() => ({ stroke: token('--limit'), width: 1.5, dash: [4, 4], points: { show: false } })),
        ],
        hooks: {
          setCursor: [() => this.#tell()],
          drawAxes: [(drawing) => paintBands(drawing, this.#chartOf(drawing) ?? chart)],
        },
      },
      dataOf(data, chart),
      place,
    );
    plot.root.setAttribute('aria-hidden', 'true');
    place.addEventListener('keydown', (event) => this.#moveBy(event, plot, chart));
    place.addEventListener('blur', () => plot.setCursor({ left: -10, top: -10 }));
    return plot;
  }

  #moveBy(event: KeyboardEvent, plot: uPlot, chart: ChartData): void {
    const steps = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const times = this.#data?.times ?? [];
    if (steps === undefined || times.length === 0) return;
    event.preventDefault();
    const from = plot.cursor.idx ?? times.length - 1;
    const index = Math.min(times.length - 1, Math.max(0, from + steps));
    const seconds = times[index] ?? 0;
    plot.setCursor({ left: plot.valToPos(seconds, 'x'), top: 10 });
    const values = chart.lines.map(({ name, values }) => `${name} ${told(values[index], chart.unit)}`);
    setText(this.#announcer, `${new Date(seconds * 1_000).toLocaleTimeString('en-GB')}: ${values.join(', ')}`);
  }

  /** With its newest data: a plot outlives them. */
  #chartOf(plot: uPlot): ChartData | undefined {
    return this.#drawings.find((drawing) => drawing.plot === plot)?.chart;
  }

  /** Values under the cursor; without one, the newest. */
  #tell(): void {
    for (const { plot, chart } of this.#drawings) {
      const figure = plot.root.closest('figure');
      const index = plot.cursor.idx ?? (this.#data?.times.length ?? 0) - 1;
      for (const [at, value] of [...(figure?.querySelectorAll('.legend b') ?? [])].entries()) {
        setText(value, told(chart.lines[at]?.values[index], chart.unit));
      }
    }
  }

  #resize(): void {
    for (const { plot } of this.#drawings) {
      const width = plot.root.parentElement?.clientWidth ?? 0;
      if (width > 0 && width !== plot.width) plot.setSize({ width, height: heightPx });
    }
  }
}
