/**
 * The real pipeline before the simulator's bank on its bad days, through the UK's Open Banking: no removals are told, ids may be missing,
 * used again or reissued, and reads are disturbed, crash or come twice. What stands in the end is what the bank holds.
 */
import { type Connector, createHttpClient, createObukConnector } from '@quartersec/providers';
import { obukToken } from '@quartersec/sandbox-providers';
import fc from 'fast-check';
import type { HistoryKind } from './history-kind.ts';
import { type ListStory, listHistories } from './list-histories.ts';
import { item } from './watched-list-bank.ts';

const bank = fc.record({
  version: fc.constantFrom('v3.1' as const, 'v4.0' as const),
  settings: fc.record({
    ids: fc.constantFrom('given', 'none', 'blank', 'reused', 'reissued'),
    links: fc.constantFrom('absolute', 'path', 'null-host'),
    times: fc.constantFrom('midnight', 'local'),
    pageSize: fc.constantFrom(3, 10, 100),
  }),
});

type Story = ListStory<typeof bank extends fc.Arbitrary<infer Bank> ? Bank : never>;

export const obukHistories: HistoryKind<Story> = listHistories({
  name: 'open-banking-uk',
  bank,
  settingsPath: `open-banking/${obukToken(item)}`,
  settingsOf: ({ settings }) => settings,
  standardOf: ({ overlapDays, bank: { version } }) => ({
    token: obukToken(item),
    accountGone: { kind: 'obie-error', options: { code: 'UK.OBIE.Resource.NotFound', status: 400 } },
    connect(url, transport, nowEpochMs) {
      let calls = 0;
      const newId = () => `call-${++calls}`;
      const provider = 'openbanking-uk';
      const http = createHttpClient({ provider, allowedOrigins: [url], nowEpochMs, transport });
      const baseUrl = `${url}/open-banking/${version}/aisp`;
      const options = { baseUrl, http, newId, nowEpochMs, overlapDays };
      return createObukConnector(options) as Connector;
    },
  }),
});
