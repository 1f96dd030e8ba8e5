/**
 * What is sound in a record that has not the published shape. A defect in an id, an amount, its sign, the status or the booking time
 * costs the record; anything else costs itself. Only records that a check refused come here.
 */
import { type Plan, type Salvage, salvage } from '../salvage.ts';
import { validateAccount, validateBalance, validateTransaction } from './validators.ts';
import type { ObukAccount, ObukBalance, ObukTransaction } from './wire-types.ts';

const transactionPlan: Plan = {
  essential: new Set<keyof ObukTransaction>([
    'AccountId',
    'TransactionId',
    'Amount',
    'CreditDebitIndicator',
    'Status',
    'BookingDateTime',
  ]),
  standIns: {},
  innerStandIns: {},
  innerEssential: { Balance: new Set(['Amount', 'CreditDebitIndicator']) },
};

const accountPlan: Plan = {
  essential: new Set<keyof ObukAccount>(['AccountId']),
  standIns: {},
  innerStandIns: {},
  innerEssential: {},
};

/** A credit line that cannot be read costs the balance: whether borrowed money is in it cannot be told. */
const balancePlan: Plan = {
  essential: new Set<keyof ObukBalance>(['AccountId', 'Amount', 'CreditDebitIndicator', 'Type', 'CreditLine']),
  standIns: {},
  innerStandIns: {},
  innerEssential: {},
};

export const salvageTransaction = (record: unknown): Salvage<ObukTransaction> =>
  salvage(record, validateTransaction, transactionPlan);

export const salvageAccount = (record: unknown): Salvage<ObukAccount> => salvage(record, validateAccount, accountPlan);

export const salvageBalance = (record: unknown): Salvage<ObukBalance> => salvage(record, validateBalance, balancePlan);
