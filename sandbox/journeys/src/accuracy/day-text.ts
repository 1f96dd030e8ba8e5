/** Days since 1970-01-01 and YYYY-MM-DD, of the judge's own: what it judges has its own as well. */
const dayMs = 86_400_000;

export const dateText = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10);

export const dayNumber = (text: string): number => Date.parse(`${text}T00:00:00Z`) / dayMs;
