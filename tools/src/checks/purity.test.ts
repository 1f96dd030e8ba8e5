import { describe, expect, it } from 'vitest';
import { plant } from './planted.ts';
import { purity } from './purity.ts';

const PURE = 'libs/sla/src/a.ts';

describe('purity', () => {
  it.each([
    'const t = Date.now();',
    'const t = new Date();',
    'const t = Date();',
    'const r = Math.random();',
    'const t = performance.now();',
    'const id = crypto.randomUUID();',
    'const e = process.env.HOME;',
    "await fetch('http://localhost');",
    'setTimeout(() => {}, 1);',
    "import { readFileSync } from 'node:fs';",
    "import { randomUUID } from 'node:crypto';",
    "import * as crypto from 'node:crypto';",
    "import { deflateRaw } from 'node:zlib';",
    "const fs = await import('node:fs');",
  ])('refuses %s', (text) => {
    expect(plant(purity, { [PURE]: text })).toHaveLength(1);
  });

  it.each([
    'const t = new Date(0);',
    'const f = (nowEpochMs: number) => new Date(nowEpochMs).toISOString();',
    "import { createHash } from 'node:crypto';",
    "import { deflateRawSync } from 'node:zlib';",
    "import type { Stats } from 'node:fs';",
    'const m = Math.max(1, 2);',
    "const s = 'Date.now()';",
  ])('allows %s', (text) => {
    expect(plant(purity, { [PURE]: text })).toEqual([]);
  });

  it('looks at the insights and the canonical model too, and at no other file or test', () => {
    const text = 'const t = Date.now();';
    expect(plant(purity, { 'libs/insights/src/a.ts': text })).toHaveLength(1);
    expect(plant(purity, { 'libs/validation/src/canonical.ts': text })).toHaveLength(1);
    expect(plant(purity, { 'libs/validation/src/other.ts': text, 'libs/sla/src/a.test.ts': text })).toEqual([]);
  });

  it('follows what the canonical model imports by path', () => {
    const files = {
      'libs/validation/src/canonical.ts': "export { money } from './money.ts';",
      'libs/validation/src/money.ts': "export { rates } from './rates.ts';",
      'libs/validation/src/rates.ts': 'export const rates = Math.random();',
    };
    expect(plant(purity, files)).toEqual([
      { path: 'libs/validation/src/rates.ts', line: 1, message: 'is pure and may not use Math.random: pass it in' },
    ]);
  });
});
