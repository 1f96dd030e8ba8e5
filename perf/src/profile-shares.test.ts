import { describe, expect, it } from 'vitest';
import { profileShares } from './profile-shares.ts';

const node = (id: number, functionName: string, url = '') => ({ id, callFrame: { functionName, url } });

describe('profileShares', () => {
  it('tells whose code the busy time went into, the largest first, and leaves idle time out', () => {
    const profile = {
      nodes: [
        node(1, '(idle)'),
        node(2, 'request', 'node:_http_client'),
        node(3, 'emit', 'node:_http_agent'),
        node(4, 'put', 'file:///w/node_modules/@scope/level/index.js'),
        node(5, 'commit', 'file:///w/dist/index.mjs'),
        node(6, 'writeUtf8String'),
        node(7, '(garbage collector)'),
        node(8, 'update', 'node:internal/crypto/hash'),
      ],
      samples: [1, 2, 3, 4, 5, 6, 7, 8, 5],
      timeDeltas: [9_000, 100, 100, 150, 250, 120, 80, 50, 150],
    };
    expect(profileShares(profile)).toEqual([
      { of: 'own code', share: 0.4 },
      { of: 'node:http', share: 0.2 },
      { of: '@scope/level', share: 0.15 },
      { of: 'system calls and native code', share: 0.12 },
      { of: 'garbage collection', share: 0.08 },
      { of: 'node:crypto', share: 0.05 },
    ]);
  });

  it('says nothing of a process that slept', () => {
    expect(profileShares({ nodes: [node(1, '(idle)')], samples: [1, 1], timeDeltas: [5, 5] })).toEqual([]);
  });
});
