/** Where panels go on Grafana's grid of 24 columns. Pure. */
import type { Panel, Section } from './panel.ts';

export interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export interface PlacedSection {
  readonly title: string;
  readonly place: Place;
  readonly panels: readonly { readonly panel: Panel; readonly place: Place }[];
}

const COLUMNS = 24;

/** Lines need room: three in a row at most, two where that comes out even. */
function sizeOf({ kind }: Panel, inSection: number): Pick<Place, 'w' | 'h'> {
  if (kind === 'figure') return { w: 4, h: 4 };
  if (kind === 'errors') return { w: COLUMNS, h: 12 };
  if (inSection === 1) return { w: COLUMNS, h: 8 };
  return { w: inSection % 3 === 0 ? 8 : 12, h: 8 };
}

/** Left to right, top to bottom; a row is as high as its highest panel. */
export function placeSections(sections: readonly Section[]): readonly PlacedSection[] {
  let y = 0;
  return sections.map(({ title, panels }) => {
    const headline: Place = { x: 0, y, w: COLUMNS, h: 1 };
    y += 1;
    let x = 0;
    let rowHeight = 0;
    const placed = panels.map((panel) => {
      const size = sizeOf(panel, panels.length);
      if (x + size.w > COLUMNS) {
        x = 0;
        y += rowHeight;
        rowHeight = 0;
      }
      const place = { x, y, ...size };
      x += size.w;
      rowHeight = Math.max(rowHeight, size.h);
      return { panel, place };
    });
    y += rowHeight;
    return { title, place: headline, panels: placed };
  });
}
