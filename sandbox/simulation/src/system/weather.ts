/** What goes wrong around the functions: nothing until an act says so. */
export interface Weather {
  /** Calls of the world until the environment that makes the next one dies; 0: never. */
  crashInCalls: number;
  /** Table calls that are throttled; some until their caller gives up. */
  throttlesDue: number;
  /** Puts whose answer may be lost. */
  lostPutsDue: number;
  /** Reads that need not be fresh may be old. */
  isStale: boolean;
  /** What a call of the table takes at most. */
  tableMs: number;
  /** Messages that the queue does not confirm. */
  queueRefusalsDue: number;
  /** Messages that the queue keeps twice. */
  duplicatesDue: number;
  /** How far the functions' clocks are off the queue's and the providers'. */
  skewMs: number;
  /** By connection at the bank: pages before which the bank has another day. */
  readonly changesDue: Map<number, number>;
}

const calm = {
  crashInCalls: 0,
  throttlesDue: 0,
  lostPutsDue: 0,
  isStale: false,
  tableMs: 5,
  queueRefusalsDue: 0,
  duplicatesDue: 0,
  skewMs: 0,
} as const satisfies Omit<Weather, 'changesDue'>;

export const createWeather = (): Weather => ({ ...calm, changesDue: new Map() });

export function calmDown(weather: Weather): void {
  Object.assign(weather, calm);
  weather.changesDue.clear();
}
