/**
 * One thing that happened to a household, and everything the bank will ever say about it.
 * `entryAt` answers what is published at a step; `changesAt` answers what a step publishes. They are written apart from
 * each other, so that a test can hold one against the other.
 */
import type { Payee } from './payees.ts';

/** No fate reaches further than this many steps behind its origin. */
export const LONGEST_FATE_STEPS = 4;

export interface Origin {
  /** The step that tells of it first; 0 for the history before the story. */
  readonly step: number;
  /** Unique within the step. */
  readonly ordinal: number;
  readonly account: number;
  readonly payee: Payee;
  /** Virtual day of the purchase. */
  readonly purchaseDay: number;
  /** Virtual day of the step that tells of it. */
  readonly toldDay: number;
  /** Steps until it is posted; 0 = at once; `null` = never: a pending entry that is dropped. */
  readonly postAfter: number | null;
  /** Set when `postAfter` is `null`: steps until the pending entry is removed. */
  readonly dropAfter: number;
  /** First amount. Positive: money out of the account, or more owed. */
  readonly outMinor: number;
  /** Amount once posted. */
  readonly postedOutMinor: number;
  /** The pending entry already shows the posted amount one step before it posts. */
  readonly pendingModified: boolean;
  /** The posted entry names its pending twin. */
  readonly linked: boolean;
  /** Steps until the posted entry's amount is corrected; 0 = never. */
  readonly correctAfter: number;
  readonly correctedOutMinor: number;
  /** Steps until the posted entry is taken back; 0 = never. */
  readonly removeAfter: number;
}

/** A record as published at one moment. */
export interface Entry {
  readonly origin: Origin;
  readonly pending: boolean;
  readonly outMinor: number;
  /** Posting day, or day of the purchase while pending. */
  readonly day: number;
}

export interface Changes {
  readonly added: Entry[];
  readonly modified: Entry[];
  readonly removed: Entry[];
}

const pendingEntry = (origin: Origin, outMinor: number): Entry => ({
  origin,
  pending: true,
  outMinor,
  day: origin.purchaseDay,
});

const postedEntry = (origin: Origin, outMinor: number): Entry => ({
  origin,
  pending: false,
  outMinor,
  day: origin.toldDay + (origin.postAfter ?? 0),
});

/** What is published of this origin once `step` is complete; `null` when nothing is. */
export function entryAt(origin: Origin, step: number): Entry | null {
  const age = step - origin.step;
  if (age < 0) return null;
  if (origin.postAfter === null) return age < origin.dropAfter ? pendingEntry(origin, origin.outMinor) : null;
  if (age < origin.postAfter) {
    const shown = origin.pendingModified && age === origin.postAfter - 1 ? origin.postedOutMinor : origin.outMinor;
    return pendingEntry(origin, shown);
  }
  if (origin.removeAfter > 0 && age >= origin.removeAfter) return null;
  const corrected = origin.correctAfter > 0 && age >= origin.correctAfter;
  return postedEntry(origin, corrected ? origin.correctedOutMinor : origin.postedOutMinor);
}

/** Adds to `into` what `step` publishes about this origin. */
export function changesAt(origin: Origin, step: number, into: Changes): void {
  const age = step - origin.step;
  const { postAfter } = origin;
  if (age === 0) {
    into.added.push(
      postAfter === 0 ? postedEntry(origin, origin.postedOutMinor) : pendingEntry(origin, origin.outMinor),
    );
    return;
  }
  if (postAfter === null) {
    if (age === origin.dropAfter) into.removed.push(pendingEntry(origin, origin.outMinor));
    return;
  }
  if (origin.pendingModified && age === postAfter - 1) into.modified.push(pendingEntry(origin, origin.postedOutMinor));
  if (age === postAfter) {
    into.added.push(postedEntry(origin, origin.postedOutMinor));
    into.removed.push(pendingEntry(origin, origin.postedOutMinor));
  }
  if (age === origin.correctAfter) into.modified.push(postedEntry(origin, origin.correctedOutMinor));
  if (age === origin.removeAfter) into.removed.push(postedEntry(origin, origin.postedOutMinor));
}
