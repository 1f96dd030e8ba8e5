import { describe, expect, it } from 'vitest';
import { placeSections } from './layout.ts';
import type { Panel } from './panel.ts';

const panel = (kind: Panel['kind']): Panel =>
  ({ kind, title: 'T', meaning: 'M', runbook: 'r', lines: [], bounds: [] }) as unknown as Panel;
const section = (...kinds: readonly Panel['kind'][]) => ({ title: 'S', panels: kinds.map(panel) });
const places = (...kinds: readonly Panel['kind'][]) =>
  placeSections([section(...kinds)])[0]?.panels.map(({ place: { x, y, w, h } }) => [x, y, w, h]);

describe('placeSections', () => {
  it('puts six figures into a row, and the seventh below', () => {
    const figures = new Array<Panel['kind']>(7).fill('figure');
    expect(places(...figures)?.slice(4)).toEqual([
      [16, 1, 4, 4],
      [20, 1, 4, 4],
      [0, 5, 4, 4],
    ]);
  });

  it('gives lines the whole width, a half or a third, as it comes out even', () => {
    expect(places('lines')).toEqual([[0, 1, 24, 8]]);
    expect(places('lines', 'totals')?.map(([x, , w]) => [x, w])).toEqual([
      [0, 12],
      [12, 12],
    ]);
    expect(places('lines', 'lines', 'provider-lines')?.map(([x, , w]) => [x, w])).toEqual([
      [0, 8],
      [8, 8],
      [16, 8],
    ]);
  });

  it('starts a section below the highest panel of the one before', () => {
    const placed = placeSections([section('figure', 'errors'), section('lines')]);
    expect(placed.map(({ place }) => place.y)).toEqual([0, 17]);
  });
});
