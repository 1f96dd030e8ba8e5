import { describe, expect, it } from 'vitest';
import { isAllowed } from './licence-expression.ts';

const allowed = new Set(['MIT', 'Zlib', 'Apache-2.0']);

describe('isAllowed', () => {
  it.each([
    'MIT',
    '(MIT OR GPL-3.0-or-later)',
    'GPL-3.0-only OR MIT',
    '(MIT AND Zlib)',
    'MIT AND (GPL-3.0-only OR Zlib)',
    'GPL-3.0-only AND Zlib OR Apache-2.0',
  ])('is met by %s', (expression) => {
    expect(isAllowed(expression, allowed)).toBe(true);
  });

  it.each([
    '',
    'GPL-3.0-only',
    'MIT AND GPL-3.0-only',
    'GPL-3.0-only AND MIT',
    'GPL-3.0-only AND (Zlib OR Apache-2.0)',
    'Apache-2.0 WITH LLVM-exception',
    'SEE LICENSE IN LICENSE.md',
    'UNLICENSED',
    'mit',
    '(MIT',
    'MIT)',
    'MIT Zlib',
  ])('is not met by "%s"', (expression) => {
    expect(isAllowed(expression, allowed)).toBe(false);
  });
});
