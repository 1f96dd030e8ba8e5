/**
 * `npm start --port 4010`, with the two dashes forgotten: npm takes the option for one of its own and passes on the rest.
 * It leaves a trace in the environment, `npm_config_port`, with the value, with `true` (npm 11, which passes the value on as an
 * argument), or empty for `--no-port`. Pure.
 * @see https://docs.npmjs.com/cli/v11/using-npm/config
 */
import { type Command, callOf } from './command.ts';

export interface Invocation {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether a npmrc file sets this key: then the variable is no trace of a lost option. */
  readonly isConfigured: (key: string) => boolean;
}

interface Lost {
  readonly name: string;
  readonly takesValue: boolean;
  readonly value: string;
}

/** @returns one line with the call as it was meant; `undefined` when npm kept nothing for itself */
export function describeLostOptions(command: Command, invocation: Invocation): string | undefined {
  const lost = findLost(command, invocation);
  if (lost.length === 0) return undefined;
  const options = lost.map(({ name }) => `--${name}`).join(' and ');
  return `npm took ${options} for itself: options go behind two dashes, as ${callOf(command.name)} -- ${meant(lost, invocation.args)}`;
}

function findLost({ options }: Command, { args, environment, isConfigured }: Invocation): readonly Lost[] {
  if (environment.npm_lifecycle_event === undefined) return [];
  return Object.entries(options).flatMap(([name, { type }]) => {
    const value = environment[`npm_config_${name.replaceAll('-', '_')}`];
    const isGiven = args.some((arg) => arg === `--${name}` || arg === `--no-${name}` || arg.startsWith(`--${name}=`));
    if (value === undefined || isGiven || isConfigured(name)) return [];
    return [{ name, takesValue: type === 'string', value }];
  });
}

/** Which argument belongs to which option is known only while one option lacks its value. */
function meant(lost: readonly Lost[], args: readonly string[]): string {
  const lacking = lost.filter(({ takesValue, value }) => takesValue && value === 'true');
  const written = lost.map((option) => {
    const { name, takesValue, value } = option;
    if (!takesValue) return value === '' || value === 'false' ? `--no-${name}` : `--${name}`;
    if (!lacking.includes(option)) return `--${name} ${value}`;
    return `--${name} ${lacking.length === 1 && args.length === 1 ? args[0] : '...'}`;
  });
  const used = lacking.length === 1 && args.length === 1;
  return [...written, ...(used || lacking.length > 0 ? [] : args)].join(' ');
}
