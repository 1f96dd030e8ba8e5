/** What a fault's options may be: declared as data, so that validation, types and the README come from one place. */

export type OptionSpec =
  | { readonly type: 'integer'; readonly min: number; readonly max: number; readonly default: number }
  | { readonly type: 'choice'; readonly of: readonly string[]; readonly default: string }
  | { readonly type: 'text'; readonly default: string }
  /** A code of Plaid's; others are taken too, for providers add some without notice. */
  | { readonly type: 'code'; readonly default: string }
  | { readonly type: 'flag'; readonly default: boolean };

export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

export type OptionValue<Spec> = Spec extends { readonly type: 'integer' }
  ? number
  : Spec extends { readonly type: 'flag' }
    ? boolean
    : Spec extends { readonly of: readonly (infer Choice)[] }
      ? Choice
      : string;

export type OptionValues<Specs> = { readonly [Name in keyof Specs]: OptionValue<Specs[Name]> };

/** What a caller may give, for messages and the README: `500 to 599, default 500`. */
export function specText(spec: OptionSpec): string {
  switch (spec.type) {
    case 'integer':
      return `${spec.min} to ${spec.max}, default ${spec.default}`;
    case 'choice':
      return `${spec.of.map((choice) => `"${choice}"`).join(', ')}; default "${spec.default}"`;
    case 'text':
      return `text, default "${spec.default}"`;
    case 'code':
      return `one of Plaid's codes or any other in capitals, default "${spec.default}"`;
    case 'flag':
      return `true or false, default ${spec.default}`;
  }
}

function accepts(spec: OptionSpec, value: unknown): boolean {
  switch (spec.type) {
    case 'integer':
      return Number.isInteger(value) && Number(value) >= spec.min && Number(value) <= spec.max;
    case 'choice':
      return typeof value === 'string' && spec.of.includes(value);
    case 'text':
      return typeof value === 'string' && /^[\x20-\x7e]{0,200}$/.test(value); // it may become a header
    case 'code':
      return typeof value === 'string' && /^[A-Z][A-Z0-9_]{0,63}$/.test(value);
    case 'flag':
      return typeof value === 'boolean';
  }
}

/**
 * @param given what the caller sent; `undefined` = nothing
 * @returns every option with its value, or what to say about the first wrong one
 */
export function readOptions(specs: OptionSpecs, given: unknown): Record<string, unknown> | string {
  if (given !== undefined && (typeof given !== 'object' || given === null || Array.isArray(given))) {
    return 'options must be an object';
  }
  const values: Record<string, unknown> = {};
  for (const [name, spec] of Object.entries(specs)) values[name] = spec.default;
  for (const [name, value] of Object.entries(given ?? {})) {
    const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
    if (spec === undefined) {
      const names = Object.keys(specs).join(', ');
      return `unknown option ${JSON.stringify(name)}: this kind takes ${names === '' ? 'no options' : names}`;
    }
    if (!accepts(spec, value)) return `options.${name} must be: ${specText(spec)}`;
    values[name] = value;
  }
  return values;
}
