/**
 * The whole system in one process under a virtual clock: users who link, read, dismiss and remove, banks on their bad days, and the real
 * functions between them, which crash, race, are throttled and are lied to. What users read in the end is what their banks hold.
 *
 * Always the same ones here, so that a change is judged by what it changes: others are told every night by `npm run simulate`.
 * `QUARTERSEC_HISTORIES=10000` runs more of them, each time others. A failure is shrunk, and prints the command that runs its
 * history alone.
 */
import { it } from 'vitest';
import { checkHistories } from './bank/check-histories.ts';
import { systemHistories } from './system/system-histories.ts';

it('tells users what their banks hold, whatever happened on the way', async () => {
  await checkHistories(systemHistories, { here: 100, inCi: 200, seed: 1 });
}, 0);
