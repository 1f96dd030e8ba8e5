/** Reads a command's arguments strictly: what nobody knows is refused, never ignored. Pure. */
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { type Command, callOf } from './command.ts';
import { CommandError } from './command-error.ts';

const help = { help: { type: 'boolean', default: false } } as const;

type Config<Options extends ParseArgsOptionsConfig> = {
  options: Options & typeof help;
  strict: true;
  allowPositionals: true;
};

/** `values` as `parseArgs` of node:util types them, `help` among them; `positionals` are the arguments that are no options. */
export type Arguments<Options extends ParseArgsOptionsConfig> = ReturnType<typeof parseArgs<Config<Options>>>;

/** @throws {CommandError} `USAGE` naming the argument and where the options are listed */
export function readArguments<const Options extends ParseArgsOptionsConfig>(
  command: Command<Options>,
  args: readonly string[],
): Arguments<Options> {
  const parsed = parse(command, args);
  const surplus = parsed.positionals.slice(command.argumentsAtMost ?? 0);
  if (surplus.length > 0 && !asksForHelp(parsed))
    throw new CommandError(
      'USAGE',
      `unexpected ${surplus.map((one) => `"${one}"`).join(' ')}: options go behind two dashes, as ${callOf(command.name)} -- --option value; ${whereListed(command)}`,
    );
  return parsed;
}

export function asksForHelp({ values }: { readonly values: object }): boolean {
  return (values as { readonly help?: boolean }).help === true;
}

function whereListed({ name }: Pick<Command, 'name'>): string {
  return `${callOf(name)} -- --help lists the options`;
}

function parse<const Options extends ParseArgsOptionsConfig>(
  command: Command<Options>,
  args: readonly string[],
): Arguments<Options> {
  try {
    return parseArgs<Config<Options> & { args: string[]; allowNegative: boolean }>({
      args: [...args],
      options: { ...command.options, ...help },
      strict: true,
      allowPositionals: true,
      allowNegative: command.negatable ?? false,
    }) as Arguments<Options>;
  } catch (cause) {
    // Node adds advice about positional arguments behind the first sentence, or on further lines.
    const [sentence = ''] = (cause as Error).message.split(/\.\s|\n/);
    throw new CommandError('USAGE', `${sentence.replace(/\.$/, '')}; ${whereListed(command)}`, { cause });
  }
}
