import { describe, expect, it } from 'vitest';
import { nxArguments, readProfile, targetsOf } from './nx-tasks.ts';

describe('nxArguments', () => {
  it('runs everything unless told otherwise', () => {
    expect(nxArguments({ affected: false, skipCache: false }, false)).toEqual([
      'run-many',
      '-t',
      'style',
      'types',
      'test',
      'build',
      '--outputStyle=static-failures-only',
    ]);
  });

  it('checks style and types of chosen packages alone, and of all packages in few programs', () => {
    expect(targetsOf({ projects: '@quartersec/sla' })).toEqual(['lint', 'typecheck', 'test', 'build']);
    expect(targetsOf({})).toEqual(['style', 'types', 'test', 'build']);
  });

  it('passes the base on to affected, and the cache switch to both', () => {
    const words = nxArguments({ affected: true, base: 'origin/main', skipCache: true }, true);
    expect(words).toEqual([
      'affected',
      '-t',
      'style',
      'types',
      'test',
      'build',
      '--outputStyle=dynamic-legacy',
      '--base=origin/main',
      '--skipNxCache',
    ]);
  });

  it('limits a full run to the named packages', () => {
    expect(nxArguments({ affected: false, skipCache: false, projects: '@quartersec/sla' }, false)).toContain(
      '--projects=@quartersec/sla',
    );
  });
});

describe('readProfile', () => {
  const event = (project: string, status: string) => ({ args: { target: { project, target: 'test' }, status } });

  it('tells success, cached success and failure apart and passes over what is no task', () => {
    const events = [
      { args: {} },
      event('a', 'success'),
      event('b', 'local-cache'),
      event('c', 'local-cache-kept-existing'),
      event('d', 'failure'),
    ];
    expect(readProfile(events)).toEqual([
      { project: 'a', target: 'test', succeeded: true, cached: false },
      { project: 'b', target: 'test', succeeded: true, cached: true },
      { project: 'c', target: 'test', succeeded: true, cached: true },
      { project: 'd', target: 'test', succeeded: false, cached: false },
    ]);
  });
});
