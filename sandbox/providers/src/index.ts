/** A bank-data provider for tests and demonstrations: Plaid's wire format, seeded data, faults on demand. */

export type { Answer as SimulatedAnswer } from './answer.ts';
export { tellBadDays } from './bank/bad-days.ts';
export {
  type Change,
  type ChangeKind,
  ChangeRefused,
  type ChangeResult,
  changeCatalogue,
  changeKinds,
} from './bank/change.ts';
export type { BankHolding, TrueAccount, TrueTransaction } from './bank/holding.ts';
export { berlinConsent } from './berlin-group/berlin-service.ts';
export type { AccessBooks } from './consent/grants.ts';
export { catalogue as faultCatalogue, type FaultKind, faultKinds } from './faults/catalogue.ts';
export {
  createLabelledHousehold,
  type HouseholdAccount,
  type HouseholdConnection,
  type HouseholdTransaction,
  judgingSeeds,
  type LabelledHousehold,
  tuningSeeds,
} from './labelled/household.ts';
export type * from './labelled/label.ts';
export { householdAccountJson, householdPageJson, householdTransactionJson } from './labelled/plaid-json.ts';
export { longestGapDays } from './labelled/series.ts';
export { type LatencySettings, realisticLatency } from './latency.ts';
export { obukToken } from './openbanking-uk/obuk-service.ts';
export { type ObukSettings, usualSettings } from './openbanking-uk/settings.ts';
export { accessToken, itemId } from './plaid/identifiers.ts';
export { PlaidBank, type SyncRequest } from './plaid/plaid-bank.ts';
export type { Limits } from './plaid/rate-limit.ts';
export { type SyncPage, syncPageJson } from './plaid/sync-page.ts';
export { ProvidersError } from './providers-error.ts';
export { type Providers, startProviders } from './server.ts';
export { createSimulator, defaults, type ProvidersOptions, type Simulator } from './simulator.ts';
export { Publication } from './story/publication.ts';
export { Story, type StoryOptions } from './story/story.ts';
