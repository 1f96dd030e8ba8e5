/** The one error class of this package. */

const messages = {
  PORT_IN_USE: 'the port is in use: stop what listens there, choose another port, or 0 for any free one',
  CANNOT_LISTEN: 'the address cannot be listened on',
  OPTION_INVALID: 'an option has a wrong value',
} as const;

export class ProvidersError extends Error {
  override readonly name = 'ProvidersError';
  readonly code: keyof typeof messages;
  readonly facts: Readonly<Record<string, string | number>>;

  constructor(code: ProvidersError['code'], facts: ProvidersError['facts'], options?: ErrorOptions) {
    super(`${code}: ${messages[code]} ${JSON.stringify(facts)}`, options);
    this.code = code;
    this.facts = facts;
  }
}
