import { describe, expect, it } from 'vitest';
import { errorLinesOf } from './error-lines.ts';

describe('errorLinesOf', () => {
  it('takes what the board shows, and nothing else', () => {
    const line = {
      timestamp: '2026-01-05T10:00:00.000Z',
      level: 'CRITICAL',
      message: 'retries exhausted',
      component: 'processor.process',
      correlation_id: 'corr-1',
      connection_id: 'conn-1',
      provider: 'plaid',
      error_code: 'SERVER_ERROR',
      error_detail: '{"status":503}',
      access_token: 'secret',
    };
    expect(errorLinesOf([line])).toEqual([
      {
        time: '2026-01-05T10:00:00.000Z',
        level: 'CRITICAL',
        component: 'processor.process',
        code: 'SERVER_ERROR',
        detail: '{"status":503}',
        correlationId: 'corr-1',
        connectionId: 'conn-1',
        provider: 'plaid',
      },
    ]);
  });

  it('falls back to the message and the service', () => {
    const [line] = errorLinesOf([{ service: 'query', message: 'query failed', error_code: null, attempts: 4 }]);
    expect(line).toMatchObject({ component: 'query', detail: 'query failed', code: '' });
  });

  it('is bounded in number and length, and takes odd values', () => {
    const lines = errorLinesOf(new Array(500).fill({ error_detail: 'x'.repeat(5_000), error_code: 503, level: {} }));
    expect(lines).toHaveLength(200);
    expect(lines[0]).toMatchObject({ detail: `${'x'.repeat(300)}…`, code: '503', level: '' });
    expect([errorLinesOf('nothing'), errorLinesOf([null, 'text'])]).toEqual([[], []]);
  });
});
