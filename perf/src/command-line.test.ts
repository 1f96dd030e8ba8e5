import { describe, expect, it } from 'vitest';
import { readCommand, usage } from './command-line.ts';
import { scenarioNames } from './scenario-catalogue.ts';

describe('readCommand', () => {
  it('means the promise when nothing is said', () => {
    expect(readCommand([])).toMatchObject({
      what: 'sla',
      environments: 4,
      concurrency: 8,
      dax: false,
      reruns: 2,
      atLeastPerMinute: 10_000,
      scenario: { ratePerMinute: 10_000, durationMs: 60_000 },
    });
  });

  it('places a batch with fewer others, and either as classic Lambda does where that is asked for', () => {
    expect(readCommand(['sla', '--mode', 'batch'])).toMatchObject({ environments: 3, concurrency: 4 });
    const classic = ['sla', '--environments', '24', '--concurrency', '1', '--dax'];
    expect(readCommand(classic)).toMatchObject({ environments: 24, concurrency: 1, dax: true });
  });

  it('lays options over the scenario', () => {
    const { scenario, atLeastPerMinute } = readCommand([
      'surge',
      '--rate',
      '600',
      '--duration',
      '10m',
      '--mode',
      'batch',
    ]);
    expect(scenario).toMatchObject({ name: 'surge', ratePerMinute: 600, durationMs: 600_000, mode: 'batch' });
    expect(atLeastPerMinute).toBe(600);
  });

  it('makes as many outages as the promise on alerts is shown with, unless told otherwise', () => {
    expect(readCommand(['alert'])).toMatchObject({ what: 'alert', runs: 20 });
    expect(readCommand(['alert', '--runs', '1'])).toMatchObject({ what: 'alert', runs: 1 });
  });

  it.each([
    [['alert', '--runs', '0'], '--runs must be a whole number from 1'],
    [['fast'], 'no scenario is called fast'],
    [['sla', 'smoke'], 'no scenario is called sla smoke'],
    [['--rate', '0'], '--rate must be a whole number from 1'],
    [['--mode', 'both'], '--mode must be single or batch'],
    [['--duration', '60'], '--duration must be a number with its unit'],
    [['--reruns', '-1'], 'reruns'],
  ])('refuses %j', (args, message) => {
    expect(() => readCommand(args)).toThrow(message);
  });
});

describe('usage', () => {
  it.each([...scenarioNames, 'red', 'alert', 'cache'])('names %s', (name) => {
    expect(usage).toMatch(new RegExp(`^ {2}${name} +\\S`, 'm'));
  });
});
