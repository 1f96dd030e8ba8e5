/** Preloaded into a process, makes every clock leap by seconds at each reading, as on a machine that stands still between any two. */
const LEAP_MS = 5_000;
const RealDate = Date;
let elapsedMs = 0;
const leapMs = () => {
  elapsedMs += LEAP_MS;
  return elapsedMs;
};
const startedEpochMs = RealDate.now();

globalThis.Date = new Proxy(RealDate, {
  construct: (target, parts: unknown[], newTarget) =>
    Reflect.construct(target, parts.length === 0 ? [startedEpochMs + leapMs()] : parts, newTarget),
  get: (target, name, receiver) =>
    name === 'now' ? () => startedEpochMs + leapMs() : Reflect.get(target, name, receiver),
});
performance.now = leapMs;
const leapHrtime = (): [number, number] => [leapMs() / 1_000, 0];
process.hrtime = Object.assign(leapHrtime, { bigint: () => BigInt(leapMs()) * 1_000_000n });
