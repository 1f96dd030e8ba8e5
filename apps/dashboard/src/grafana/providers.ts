/** Whose fault it is: what each provider costs us in time, calls and failures. */
import type { DashboardDefinition } from './panel.ts';
import { latencyByProvider, rateByProvider } from './panel-forms.ts';

export const providers: DashboardDefinition = {
  name: 'providers',
  title: 'Providers',
  about: 'Latency, errors, retries and limits, a line a provider.',
  sections: [
    {
      title: 'Latency',
      panels: [
        latencyByProvider('ProviderTime', {
          title: 'Provider time',
          meaning: 'Spent waiting for the provider, all attempts of the event.',
          runbook: 'round-trip-slow',
        }),
        latencyByProvider('RoundTrip', {
          title: 'Round trip',
          meaning: 'Event received to entry committed, the provider included.',
          runbook: 'round-trip-slow',
        }),
      ],
    },
    {
      title: 'Errors and retries',
      panels: [
        rateByProvider('Bad', 'provider-failing', 'Whoever is to blame.'),
        rateByProvider('Failed', 'errors-fast-burn'),
        rateByProvider('Attempts', 'events-fail'),
        rateByProvider('Retries', 'retries-exhausted', 'A few are usual; a step is the provider.'),
        rateByProvider('RetriesExhausted', 'retries-exhausted', 'Each raises an alert.'),
      ],
    },
    {
      title: 'Limits of the provider',
      panels: [
        rateByProvider('Throttled', 'events-fail', 'Frequent: spread the events, or ask for a larger quota.'),
        rateByProvider('Deferred', 'events-fail', 'They come back by themselves.'),
        rateByProvider('Coalesced', 'events-fail', 'Calls saved: many wake-ups of one connection at once.'),
      ],
    },
    {
      title: 'Connections',
      panels: [
        rateByProvider('ConsentEnded', 'consent-ended', "Many at once are the provider's doing."),
        rateByProvider('ConfigurationRefused', 'configuration-refused', 'Ours to mend; no connection is touched.'),
        rateByProvider('RestartsExhausted', 'restarts-exhausted'),
        rateByProvider('AddressRefused', 'address-refused', 'Nothing was sent there.'),
      ],
    },
  ],
};
