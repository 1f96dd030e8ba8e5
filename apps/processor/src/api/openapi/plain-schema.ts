/** A generated schema in the form that generators of clients read best. Pure. */

export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly description?: string;
  readonly readOnly?: boolean;
  readonly [keyword: string]: unknown;
}

/**
 * - `readonly` of TypeScript says that nobody changes an object; `readOnly` of JSON Schema, that no request may hold the member.
 * - Constants side by side are an enumeration; a type or null is one type of two.
 */
export function plainSchema({ readOnly: _, properties, items, oneOf, required, ...rest }: Schema): Schema {
  const inner = {
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, plainSchema(schema)])),
    }),
    ...(required !== undefined && required.length > 0 && { required }),
    ...(items && { items: plainSchema(items) }),
  };
  if (oneOf === undefined) return { ...typed(rest), ...inner };
  return { ...rest, ...inner, ...joined(oneOf.map(plainSchema)) };
}

function typed(schema: Schema): Schema {
  return typeof schema.const === 'string' ? { type: 'string', ...schema } : schema;
}

function joined(variants: readonly Schema[]): Schema {
  if (variants.every((variant) => typeof variant.const === 'string'))
    return { type: 'string', enum: variants.map((variant) => variant.const) };
  const [nothing, other] = variants;
  const isNullable = variants.length === 2 && nothing?.type === 'null' && typeof other?.type === 'string';
  if (isNullable && other.enum === undefined) return { ...other, type: [String(other.type), 'null'] };
  return { oneOf: variants };
}
