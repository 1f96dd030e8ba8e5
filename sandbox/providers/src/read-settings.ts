/** The settings of a bank as a caller of the control API gives them. */

/**
 * Members of choices, `pageSize`, `callsPerDay`, and `tokenSeconds` where the standard has it.
 * @returns the settings with what was given, or what to say about the first thing wrong with it
 */
export function readSettings<Settings extends object>(
  before: Settings,
  given: Readonly<Record<string, unknown>>,
  choicesOf: Readonly<Record<string, readonly string[]>>,
): Settings | string {
  for (const [name, value] of Object.entries(given)) {
    const of = Object.hasOwn(choicesOf, name) ? choicesOf[name] : undefined;
    if (of !== undefined) {
      if (typeof value !== 'string' || !of.includes(value)) return `${name} must be one of ${of.join(', ')}`;
    } else if (name === 'pageSize' || name === 'callsPerDay' || (name === 'tokenSeconds' && name in before)) {
      const mayBeNone = name === 'callsPerDay' && value === null;
      if (!mayBeNone && !(typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 1_000_000))
        return `${name} must be a whole number from 1${name === 'callsPerDay' ? ', or null for no limit' : ''}`;
    } else {
      return `unknown member ${JSON.stringify(name)}: give ${Object.keys(before).join(', ')}`;
    }
  }
  return { ...before, ...given };
}
