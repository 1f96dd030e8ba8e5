export type * from './connector.ts';
export {
  type Outcome,
  ProviderError,
  type ProviderErrorCode,
  type ProviderErrorFacts,
  providerErrorOutcomes,
} from './provider-error.ts';
