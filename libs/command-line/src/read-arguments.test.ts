import { describe, expect, it } from 'vitest';
import { readArguments } from './read-arguments.ts';

const command = {
  name: 'start',
  usage: 'npm start\n',
  options: { port: { type: 'string', default: '0' }, dax: { type: 'boolean', default: true } },
  negatable: true,
} as const;
const refusal = (args: readonly string[], one = command) => {
  try {
    readArguments(one, args);
  } catch (error) {
    return error;
  }
  throw new Error('nothing was refused');
};

describe('arguments', () => {
  it('are read by the command’s own table, with help added', () => {
    expect(readArguments(command, ['--port', '4010', '--no-dax']).values).toEqual({
      port: '4010',
      dax: false,
      help: false,
    });
    expect(readArguments(command, ['--help']).values.help).toBe(true);
    expect(readArguments({ ...command, argumentsAtMost: 1 }, ['conn-1']).positionals).toEqual(['conn-1']);
  });

  it.each([
    [['--prot', '1'], "Unknown option '--prot'; npm start -- --help lists the options"],
    [['-x'], "Unknown option '-x'; npm start -- --help lists the options"],
    [['--port'], "Option '--port <value>' argument missing; npm start -- --help lists the options"],
    [['--port', '--dax'], "Option '--port' argument is ambiguous; npm start -- --help lists the options"],
    [
      ['4010'],
      'unexpected "4010": options go behind two dashes, as npm start -- --option value; npm start -- --help lists the options',
    ],
  ])('%j is refused in one line', (args, message) => {
    expect(refusal(args)).toMatchObject({ code: 'USAGE', message });
  });

  it('calls a script as npm does', () => {
    expect(refusal(['--x'], { ...command, name: 'perf:compare' } as unknown as typeof command)).toMatchObject({
      message: "Unknown option '--x'; npm run perf:compare -- --help lists the options",
    });
  });
});
