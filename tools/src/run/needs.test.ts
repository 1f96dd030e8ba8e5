import { describe, expect, it } from 'vitest';
import { cacheKeyOf, describeMissing, findNeeds, NEEDS } from './needs.ts';

const idsWith = (...commands: string[]) => {
  const { present, missing } = findNeeds(NEEDS, (command) => commands.includes(command));
  return { present: present.map(({ id }) => id), missing: missing.map(({ id }) => id) };
};

describe('findNeeds', () => {
  it('takes any of the browsers', () => {
    expect(idsWith('chromium').present).toEqual(['browser']);
    expect(idsWith('google-chrome').present).toEqual(['browser']);
  });

  it('asks for both programs of Prometheus', () => {
    expect(idsWith('prometheus').present).toEqual([]);
    expect(idsWith('prometheus', 'promtool').present).toEqual(['prometheus']);
  });

  it('leaves out everything on a machine that has only Node', () => {
    expect(idsWith()).toEqual({
      present: [],
      missing: ['alertmanager', 'browser', 'cargo', 'go', 'java', 'prometheus', 'python'],
    });
  });
});

describe('cacheKeyOf', () => {
  it('does not depend on the order in which needs were found', () => {
    expect(cacheKeyOf([...NEEDS].reverse())).toBe('alertmanager,browser,cargo,go,java,prometheus,python');
  });
});

describe('describeMissing', () => {
  it('names what is left out and how to have it', () => {
    const { missing } = findNeeds(NEEDS, (command) => command !== 'go');
    expect(missing.map(describeMissing)).toEqual([
      'left out: a Go function on the Lambda host\n    to have it: https://go.dev/dl, or apt-get install golang, or brew install go',
    ]);
  });
});
