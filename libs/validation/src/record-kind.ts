/** One kind of record in a provider's lists: its compiled check, and what is sound in one that the check refuses. */
import { checker, type Validate } from './checker.ts';
import { type Plan, type Salvage, salvage } from './salvage.ts';
import type { Checked } from './validation-issue.ts';

export interface RecordKind<T> {
  /** Values from `parseExact`. */
  check(record: unknown): Checked<T>;
  /** Only for records that `check` refused. */
  salvage(record: unknown): Salvage<T>;
  /** Both: the check alone for a sound record. */
  read(record: unknown): Salvage<T>;
}

/** What a defect costs. `essential`: wrong, they cost the record; the rest is as in `Plan`, and empty unless given. */
export type RecordPlan<T> = { readonly essential: readonly (keyof T & string)[] } & Partial<Omit<Plan, 'essential'>>;

const none: readonly never[] = [];

/** @param validate a line of `validators.ts` */
export function recordKind<T>(validate: Validate<T>, { essential, ...others }: RecordPlan<T>): RecordKind<T> {
  const plan: Plan = {
    standIns: {},
    innerStandIns: {},
    innerEssential: {},
    ...others,
    essential: new Set<string>(essential),
  };
  const saved = (record: unknown) => salvage(record, validate, plan);
  return {
    check: checker(validate),
    salvage: saved,
    read(record) {
      const result = validate(record);
      return result.success ? { ok: true, value: result.data, dropped: none, missing: 0 } : saved(record);
    },
  };
}
