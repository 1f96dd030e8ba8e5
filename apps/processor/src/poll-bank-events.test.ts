import { ProviderError } from '@quartersec/providers';
import { describe, expect, it } from 'vitest';
import { pollBankEvents } from './poll-bank-events.ts';

const deadline = { remainingMs: () => 1_000, elapsedMs: () => 0 };
/** Well-formed, of a bank that is none of ours: refused without a key. */
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const stranger = `${encode({ alg: 'PS256', kid: 'k' })}.${encode({ iss: 'https://stranger.example' })}.AA`;

function setUp() {
  const logged: unknown[][] = [];
  const sent: unknown[] = [];
  const deps = {
    issuers: [],
    findConnection: async () => undefined,
    queue: { send: async (...event: unknown[]) => void sent.push(event) },
    log: { write: (...line: unknown[]) => void logged.push(line) },
    newId: () => 'id',
    nowEpochMs: () => 0,
  };
  return { deps, logged, sent };
}

describe('polling the banks', () => {
  it('says of an event that is not taken why, and asks until there are none', async () => {
    const { deps, sent } = setUp();
    const asked: unknown[] = [];
    const answers = [new Map([['a', stranger]]), new Map<string, string>()];
    const poll = async ({ taken, refused }: { taken: readonly string[]; refused: ReadonlyMap<string, string> }) => {
      asked.push([taken, [...refused]]);
      return answers.shift() ?? new Map<string, string>();
    };
    await pollBankEvents([{ institutionId: 'bank', poll }], deadline, deps);
    expect(asked).toEqual([
      [[], []],
      [[], [['a', 'ISSUER_UNKNOWN']]],
    ]);
    expect(sent).toEqual([]);
  });

  it('asks a bank that never ends so often at most', async () => {
    const { deps } = setUp();
    let polls = 0;
    const poll = async () => {
      polls += 1;
      return new Map([[`e-${polls}`, stranger]]);
    };
    await pollBankEvents([{ institutionId: 'bank', poll }], deadline, deps);
    expect(polls).toBe(20);
  });

  it('goes on with the others where one does not answer, and says so', async () => {
    const { deps, logged } = setUp();
    const down = { institutionId: 'down', poll: () => Promise.reject(new ProviderError('TIMEOUT', { provider: 'p' })) };
    let isAsked = false;
    const up = {
      institutionId: 'up',
      async poll() {
        isAsked = true;
        return new Map<string, string>();
      },
    };
    await pollBankEvents([down, up], deadline, deps);
    expect(isAsked).toBe(true);
    expect(logged).toEqual([['error', 'events of a bank not polled', { institution: 'down', error_code: 'TIMEOUT' }]]);
  });

  it('does not hide a defect of ours', async () => {
    const broken = { institutionId: 'bank', poll: () => Promise.reject(new TypeError('defect')) };
    await expect(pollBankEvents([broken], deadline, setUp().deps)).rejects.toThrow(TypeError);
  });
});
