import { describe, expect, it } from 'vitest';
import { retryAdvice } from './retry-advice.ts';

describe('retryAdvice', () => {
  it('says that a stopped connection gives nothing back, and who has to do what first', () => {
    const text = retryAdvice({ outcome: { kind: 'stopped', code: 'ITEM_LOGIN_REQUIRED' }, returned: 0 });
    expect(text).toContain('the connection is stopped (ITEM_LOGIN_REQUIRED)');
    expect(text).toContain('userAction of GET /v1/connections');
    expect(text).toContain('90 days');
  });

  it('says that a waiting one is to be tried again later', () => {
    const text = retryAdvice({ outcome: { kind: 'postponed', code: 'RATE_LIMIT' }, returned: 0 });
    expect(text).toContain('the connection waits (RATE_LIMIT)');
    expect(text).toContain('Run this again when the wait is over');
  });

  it('says where nothing could be read, and is silent where something came back or pages follow', () => {
    expect(retryAdvice({ outcome: { kind: 'committed' }, returned: 0 })).toContain('npm run quarantine -- list');
    expect(retryAdvice({ outcome: { kind: 'committed' }, returned: 2 })).toBe('');
    expect(retryAdvice({ outcome: { kind: 'committed', continued: true }, returned: 0 })).toBe('');
    expect(retryAdvice({ outcome: { kind: 'failed', code: 'TABLE_UNREACHABLE' }, returned: 0 })).toBe('');
  });
});
