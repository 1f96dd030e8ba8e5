import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { describeError } from './describe-error.ts';

const systemError = (facts: Readonly<Record<string, unknown>>) => Object.assign(new Error('as it is'), facts);

describe('an error at the terminal', () => {
  it('says which program to install', () => {
    expect(describeError(spawnSync('no-such-program').error)).toBe(
      'no-such-program was not found on PATH: install it, then run the command again',
    );
  });

  it.each([
    [{ code: 'EACCES', path: '/a/b' }, '/a/b cannot be written (EACCES): check who owns this folder'],
    [{ code: 'EROFS', syscall: 'mkdir' }, 'mkdir cannot be written (EROFS): check who owns this folder'],
    [{ code: 'ENOSPC', path: '/a' }, 'the disk is full: /a could not be written; free some space'],
    [{ code: 'EADDRINUSE', port: 80 }, 'port 80 is occupied: choose another, or stop what listens there'],
  ])('has the remedy for %j', (facts, begin) => {
    expect(describeError(systemError(facts))).toContain(begin);
  });

  it('says why nothing answered', () => {
    const cause = new Error('connect ECONNREFUSED 127.0.0.1:1');
    expect(describeError(new TypeError('fetch failed', { cause }))).toBe('no answer: connect ECONNREFUSED 127.0.0.1:1');
  });

  it('is one line, however many the message has', () => {
    expect(describeError(new Error('Command failed: git ls-files\n\nfatal: bad index\n'))).toBe(
      'Command failed: git ls-files fatal: bad index',
    );
  });

  it('names the place of a fault of the program', () => {
    expect(describeError(new TypeError('x is not a function'))).toMatch(
      /^x is not a function \(a fault of the program, at .*describe-error\.test\.ts:\d+:\d+\)$/,
    );
  });
});
