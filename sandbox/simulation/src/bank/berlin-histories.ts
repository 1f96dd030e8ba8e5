/**
 * The real pipeline before the simulator's bank on its bad days, through the Berlin Group's standard: no removals are told, ids may be
 * missing, used again or reissued, amounts are texts or numbers, pending entries may not be listed, and reads are disturbed, crash or come
 * twice. What stands in the end is what the bank holds.
 */
import { type Connector, createBerlinConnector, createHttpClient } from '@quartersec/providers';
import { berlinConsent } from '@quartersec/sandbox-providers';
import fc from 'fast-check';
import type { HistoryKind } from './history-kind.ts';
import { type ListStory, listHistories } from './list-histories.ts';
import { item } from './watched-list-bank.ts';

const bank = fc.record({
  ids: fc.constantFrom('given', 'none', 'blank', 'reused', 'reissued'),
  links: fc.constantFrom('absolute', 'path', 'gateway-path', 'no-scheme', 'null-host'),
  amounts: fc.constantFrom('text', 'number', 'mixed'),
  errors: fc.constantFrom('tpp-messages', 'problem', 'bare-list'),
  pageSize: fc.constantFrom(3, 10, 100),
});

type Story = ListStory<typeof bank extends fc.Arbitrary<infer Bank> ? Bank : never>;

export const berlinHistories: HistoryKind<Story> = listHistories({
  name: 'berlin-group',
  bank,
  settingsPath: `berlin-group/${berlinConsent(item)}`,
  settingsOf: (settings) => settings,
  standardOf: ({ overlapDays }) => ({
    token: berlinConsent(item),
    accountGone: { kind: 'tpp-error', options: { code: 'RESOURCE_UNKNOWN', status: 404 } },
    connect(url, transport, nowEpochMs) {
      let calls = 0;
      const newId = () => `00000000-0000-4000-8000-${String(++calls).padStart(12, '0')}`;
      const provider = 'berlin-group';
      const http = createHttpClient({ provider, allowedOrigins: [url], nowEpochMs, transport });
      const baseUrl = `${url}/berlin-group/psd2/v1`;
      // The institution of the connection at work.
      const options = { institutionId: 'ins_1', baseUrl, http, newId, nowEpochMs, overlapDays };
      return createBerlinConnector(options) as Connector;
    },
  }),
});
