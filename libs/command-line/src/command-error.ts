/**
 * A command that cannot do what it was asked to. The message is one line for the person at the terminal, remedy included.
 * `USAGE`: the command was called wrongly (exit code 2); `FAILED`: it could not do its work (exit code 1);
 * `INTERRUPTED`: a signal ended it, and it has put away what it had begun (exit code 128 and the signal's number).
 */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly code: 'USAGE' | 'FAILED' | 'INTERRUPTED';

  /** Which one, of `INTERRUPTED`. */
  readonly signal: NodeJS.Signals | undefined;

  constructor(
    code: CommandError['code'],
    message: string,
    options?: ErrorOptions & { readonly signal?: NodeJS.Signals },
  ) {
    super(message, options);
    this.code = code;
    this.signal = options?.signal;
  }
}
