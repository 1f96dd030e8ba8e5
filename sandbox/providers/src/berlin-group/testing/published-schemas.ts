/** For tests: what the published OpenAPI file says of a body. */
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';

const excerpt = JSON.parse(
  readFileSync(new URL('../published/psd2-api-1.3.11-excerpt.json', import.meta.url), 'utf8'),
  // OpenAPI 3.0 has it as a switch beside `minimum`; JSON Schema, since its draft 6, as a number. Off, it says nothing.
  (name, value: unknown) => (name === 'exclusiveMinimum' && value === false ? undefined : value),
) as { readonly components: object };
const ajv = new Ajv({
  strict: false,
  validateFormats: true,
  formats: {
    date: /^\d{4}-\d{2}-\d{2}$/,
    'date-time': /^\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2})$/,
    uri: (text: string) => URL.canParse(text),
    url: (text: string) => URL.canParse(text),
    byte: true,
  },
});
ajv.addSchema({ $id: 'https://psd2.example/api', ...excerpt });

/** @returns an empty list where it fits @throws {Error} for a schema that the excerpt lacks */
export function faultsOf(schema: string, value: unknown): unknown {
  const validate = ajv.getSchema(`https://psd2.example/api#/components/schemas/${schema}`);
  if (validate === undefined) throw new Error(`the excerpt has no ${schema}`);
  return validate(value) ? [] : validate.errors;
}
