/** The measured figures of docs/cost.md, held to a run. */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';

/** Other records come with another seed; a change of format shows all the same. */
const toleratedShare = 0.1;

/** The row of the page's table that starts with this name. */
export function onCostPage(name: string): number {
  const page = readFileSync(new URL('../../../docs/cost.md', import.meta.url), 'utf8');
  const [, value] = new RegExp(`^\\| \`${name}\` \\| ([\\d,.]+) `, 'm').exec(page) ?? [];
  if (value === undefined) throw new Error(`docs/cost.md has no row for ${name}`);
  return Number(value.replaceAll(',', ''));
}

export function expectOnCostPage(name: string, measured: number): void {
  const written = onCostPage(name);
  const remedy = 'correct infra/src/economics/event-figures.ts, then npm run cost -- --write-pages';
  const said = `${name}: measured ${measured.toFixed(0)}, docs/cost.md says ${written}: ${remedy}`;
  expect(Math.abs(written / measured - 1), said).toBeLessThan(toleratedShare);
}
