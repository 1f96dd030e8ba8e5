/**
 * Where DAX pays on cost alone. It saves read units and nothing else: writes cost the same, and its functions must be in a
 * VPC, whose way out to the provider has a price by the hour and by the GB.
 */
import { bytesPerGb, natGateways, providerTrafficBytes } from './monthly-cost.ts';
import { daxNodes, prices } from './price-list.ts';
import { type DaxCluster, eventsPerSecond, hoursPerMonth, readUnits, type Workload } from './workload.ts';

export interface DaxBreakEven {
  /** Nodes and gateways, whatever the traffic. */
  readonly fixedUsdPerMonth: number;
  readonly savedUsdPerMillionReads: number;
  /** What an event pays for its way through the NAT gateway. */
  readonly natUsdPerMillionEvents: number;
  /** From so many events a month on; `undefined` when no number of events is enough at this many reads each. */
  readonly eventsPerMonth: number | undefined;
  /** The same where the gateways are paid anyway, or not needed: the nodes alone. */
  readonly eventsPerMonthNodesAlone: number | undefined;
  /** Head reads an event needed at this workload's number of events; `undefined` when DAX answers none of them. */
  readonly readsPerEvent: number | undefined;
  /** The same as reads a second, all month. */
  readonly readsPerSecond: number | undefined;
}

export function daxBreakEven(load: Workload, dax: DaxCluster): DaxBreakEven {
  const nodesUsd = hoursPerMonth * dax.nodes * daxNodes[dax.nodeType].usd;
  const fixedUsdPerMonth = nodesUsd + hoursPerMonth * natGateways * prices.natHour.usd;
  const savedUsdPerMillionReads = dax.hitRate * readUnits(load.headBytes) * prices.tableReads.usd;
  const natUsdPerMillionEvents = ((1e6 * providerTrafficBytes) / bytesPerGb) * prices.natData.usd;
  const readsSavedUsd = load.readsPerEvent * savedUsdPerMillionReads;
  const millionEvents = load.eventsPerMonth / 1e6;
  const readsPerEvent =
    savedUsdPerMillionReads > 0
      ? (fixedUsdPerMonth / millionEvents + natUsdPerMillionEvents) / savedUsdPerMillionReads
      : undefined;
  return {
    fixedUsdPerMonth,
    savedUsdPerMillionReads,
    natUsdPerMillionEvents,
    eventsPerMonth: eventsToCover(fixedUsdPerMonth, readsSavedUsd - natUsdPerMillionEvents),
    eventsPerMonthNodesAlone: eventsToCover(nodesUsd, readsSavedUsd),
    readsPerEvent,
    readsPerSecond: readsPerEvent === undefined ? undefined : readsPerEvent * eventsPerSecond(load),
  };
}

function eventsToCover(fixedUsd: number, gainUsdPerMillion: number): number | undefined {
  return gainUsdPerMillion > 0 ? (fixedUsd / gainUsdPerMillion) * 1e6 : undefined;
}
