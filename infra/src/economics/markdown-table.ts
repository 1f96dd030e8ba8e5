/** Tables of docs/cost.md and docs/scale.md: the same text from the command, on the page and in the test. */

export type Row = readonly string[];

/** @param header cells; those that end in `>` are aligned to the right, without the sign */
export function markdownTable(header: Row, rows: readonly Row[]): string {
  const titles = header.map((cell) => cell.replace(/>$/, ''));
  const rules = header.map((cell) => (cell.endsWith('>') ? '---:' : '---'));
  return [titles, rules, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Whole numbers with thousands separators; small ones with `digits` digits after the point. */
export function number(value: number, digits = 0): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** Cents below 100 dollars, whole dollars from there on. */
export function usd(value: number): string {
  return value < 100 ? value.toFixed(2) : number(value);
}

export function percent(share: number): string {
  const value = share * 100;
  return `${value < 9.95 && value > 0 ? value.toFixed(1) : value.toFixed(0)} %`;
}

/** 1,000 to `1,000`, 2,500,000 to `2.5 million`, 43,800,000,000 to `43.8 billion`. */
export function amount(value: number): string {
  if (value >= 1e9) return `${trim(value / 1e9)} billion`;
  if (value >= 1e6) return `${trim(value / 1e6)} million`;
  return number(value);
}

function trim(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 });
}
