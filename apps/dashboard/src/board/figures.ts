/** Figures as a person reads them; the same words on the page and in what programs get. Pure, also runs in the browser. */

/** Never rounds a value onto a bound that it has not reached: one decimal up to a second. */
export function milliseconds(valueMs: number): string {
  return valueMs < 1_000 ? `${valueMs.toFixed(1)} ms` : `${(valueMs / 1_000).toFixed(2)} s`;
}

/** Cut off, not rounded: 99.999 % is not 100 %. */
export function percent(share: number): string {
  return `${(Math.floor(share * 10_000 + 1e-6) / 100).toFixed(2).replace(/\.?0+$/, '')} %`;
}

/** 10,302; with one decimal below 10, so that a rare thing is not shown as none. */
export function quantity(value: number): string {
  const digits = Math.abs(value) < 10 && !Number.isInteger(value) ? 1 : 0;
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** 0.95 is p95. */
export function percentileName(share: number): string {
  return `p${Number((share * 100).toFixed(3))}`;
}

/** Of a stretch of time: 12 s, 3 min 20 s, 2 h 5 min. */
export function age(ageMs: number): string {
  const seconds = Math.max(0, Math.floor(ageMs / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  const rest = minutes % 60;
  return rest === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${quantity(count)} ${count === 1 ? one : many}`;
}
