/** Durations as people type them. Pure. */

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;

/**
 * @param text a whole number with `ms`, `s`, `m` or `h`, e.g. `90s`
 * @throws {Error} saying what to write instead
 */
export function parseDurationMs(name: string, text: string): number {
  const [, digits, unit] = /^(\d{1,6})(ms|s|m|h)$/.exec(text) ?? [];
  if (digits === undefined || unit === undefined)
    throw new Error(`--${name} must be a number with its unit, such as 60s or 10m, not ${text}`);
  return Number(digits) * unitMs[unit as keyof typeof unitMs];
}

/** Short and readable: `1.5 s`, `10 min`. */
export function formatMs(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${Number((ms / 1_000).toFixed(1))} s`;
  return `${Number((ms / 60_000).toFixed(1))} min`;
}
