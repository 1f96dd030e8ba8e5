/**
 * The reference process: the same small job over and over, a few times a second, so that its CPU time per unit says how
 * fast this machine is in these seconds. Neighbours who slow down the functions (caches, clock rate) slow it down alike.
 */
import { createHash } from 'node:crypto';

const everyMs = 1_000 / 4; // a share of about 1 % of one core
const unitsAtOnce = 4;

const rows = Array.from({ length: 220 }, (_, index) => ({
  transaction_id: `tx-${index}`,
  amount: index * 1.37,
  date: '2026-03-18',
  name: `Merchant ${index % 17}`,
  pending: index % 5 === 0,
}));
const text = JSON.stringify(rows);

let units = 0;
let cpuMs = 0;

/** One unit: parse a page of transactions, sort it, write it, hash it. What the functions do, without the waiting. */
function unit(): string {
  const parsed = JSON.parse(text) as typeof rows;
  parsed.sort((one, other) => other.amount - one.amount);
  return createHash('sha256').update(JSON.stringify(parsed)).digest('hex');
}

process.once('disconnect', () => process.exit(0));
setInterval(() => {
  const before = process.cpuUsage();
  for (let done = 0; done < unitsAtOnce; done += 1) unit();
  const { user, system } = process.cpuUsage(before);
  units += unitsAtOnce;
  cpuMs += (user + system) / 1_000;
  process.send?.({ units, cpuMs });
}, everyMs);
