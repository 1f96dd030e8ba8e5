import { describe, expect, it } from 'vitest';
import { describeLostOptions } from './lost-options.ts';

const command = {
  name: 'start',
  usage: '',
  options: { port: { type: 'string' }, 'read-only': { type: 'boolean' }, dax: { type: 'boolean' } },
} as const;
const described = (
  variables: Readonly<Record<string, string>>,
  args: readonly string[] = [],
  configured: readonly string[] = [],
) =>
  describeLostOptions(command, {
    args,
    environment: { npm_lifecycle_event: 'start', ...variables },
    isConfigured: (key) => configured.includes(key),
  });

describe('options that npm took for its own', () => {
  it.each([
    ['npm 10: the value in the variable', { npm_config_port: '4010' }, [], '--port 4010'],
    ['npm 11: the value as an argument', { npm_config_port: 'true' }, ['4010'], '--port 4010'],
    ['a flag', { npm_config_read_only: 'true' }, [], '--read-only'],
    ['a flag turned off', { npm_config_dax: '' }, [], '--no-dax'],
    ['an argument beside it', { npm_config_dax: '' }, ['conn-1'], '--no-dax conn-1'],
    ['values that nobody can tell apart', { npm_config_port: 'true' }, ['1', '2'], '--port ...'],
  ])('%s: the line has the call as it was meant', (_case, variables, args, call) => {
    expect(described(variables as Readonly<Record<string, string>>, args)).toMatch(
      new RegExp(
        `^npm took --[a-z-]+ for itself: options go behind two dashes, as npm start -- ${call.replaceAll('.', '\\.')}$`,
      ),
    );
  });

  it('are none where a npmrc file sets the key, the option is given too, or npm does not run the command', () => {
    expect(described({ npm_config_port: '4010' }, [], ['port'])).toBeUndefined();
    expect(described({ npm_config_port: '4010' }, ['--port=1'])).toBeUndefined();
    expect(
      describeLostOptions(command, { args: [], environment: { npm_config_port: '1' }, isConfigured: () => false }),
    ).toBeUndefined();
    expect(described({})).toBeUndefined();
  });
});
