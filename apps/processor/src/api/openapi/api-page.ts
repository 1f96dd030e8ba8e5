/** What of docs follows from the contract: the reference in docs/api.md, and docs/openapi.json. Pure; `write-api-page.ts` writes it. */
import { type Route, routes } from '../routes.ts';
import { createOpenApiDocument, parametersOf, problemsByStatus } from './document.ts';
import type { Schema } from './plain-schema.ts';

const begin = '<!-- made by: npm run docs:api -->';
const end = '<!-- end -->';

/**
 * @returns the page with what is between its markers made anew
 * @throws {Error} for a page without exactly one pair of markers
 */
export function renderApiPage(page: string): string {
  const [before, rest, ...others] = page.split(begin);
  const after = rest?.slice(rest.indexOf(end));
  if (before === undefined || after === undefined || others.length > 0 || !after.startsWith(end)) {
    throw new Error(`the page needs ${begin} and ${end} once`);
  }
  return `${before}${begin}\n\n${referenceText()}\n\n${after}`;
}

export function renderDocument(): string {
  return `${JSON.stringify(createOpenApiDocument(), null, 2)}\n`;
}

function referenceText(): string {
  const { schemas } = createOpenApiDocument().components;
  const all = Object.values(routes) as readonly Route[];
  return [
    '## Routes',
    table(
      ['route', 'does', 'function'],
      all.map(({ method, path, summary, servedBy }) => [`\`${method} ${path}\``, summary, `\`${servedBy}\``]),
    ),
    ...all.flatMap((route) => routeText(route, schemas)),
    '## Types',
    ...Object.entries(schemas).flatMap(([name, schema]) => typeText(name, schema)),
  ].join('\n\n');
}

function routeText(route: Route, schemas: Readonly<Record<string, Schema>>): readonly string[] {
  const parameters = parametersOf(route, schemas).map(({ name, in: where, required, schema, description = '' }) => [
    `\`${name}\``,
    where,
    `${typeName(schema)}${required ? '' : ', optional'}`,
    description,
  ]);
  const answers = [
    ...Object.entries(route.replies).map(([status, { is, schema }]) => [
      status,
      schema === undefined ? is : `${is}: ${linkTo(schema)}`,
    ]),
    ...(route.conditional ? [['304', 'as the caller has it, by `If-None-Match`']] : []),
    ...[...problemsByStatus(route)].map(([status, codes]) => [
      String(status),
      codes.map((code) => `\`${code}\``).join(', '),
    ]),
  ];
  return [
    `### \`${route.method} ${route.path}\``,
    `${route.summary}.${route.auth === 'none' ? ' Asks for no token.' : ''}`,
    ...(route.body === undefined ? [] : [`Body: ${linkTo(route.body)}.`]),
    ...(parameters.length === 0 ? [] : [table(['parameter', 'in', 'type', 'meaning'], parameters)]),
    table(['status', 'answer'], answers),
  ];
}

function typeText(name: string, schema: Schema): readonly string[] {
  const { properties, required = [], description } = schema;
  const says = description === undefined ? [] : [oneLine(description)];
  if (properties === undefined) return [`### ${name}`, ...says, `${typeName(schema)}.`];
  const members = Object.entries(properties).map(([member, type]) => [
    `\`${member}\``,
    `${typeName(type)}${required.includes(member) ? '' : ', optional'}`,
    oneLine(type.description ?? ''),
  ]);
  return [`### ${name}`, ...says, table(['member', 'type', 'meaning'], members)];
}

/** `Money`, `string or null`, `list of Balance`, `"CRDT" or "DBIT"`, `integer (1 to 500)`. */
function typeName(schema: Schema): string {
  const { $ref, type, items, oneOf, minimum, maximum, minLength, maxLength, pattern, format } = schema;
  if ($ref !== undefined) return linkTo($ref.replace('#/components/schemas/', ''));
  if (oneOf !== undefined) return oneOf.map(typeName).join(' or ');
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (items !== undefined) return `list of ${typeName(items)}`;
  const bounds = [
    minimum === undefined ? '' : `from ${minimum}`,
    maximum === undefined ? '' : `to ${maximum}`,
    minLength === undefined && maxLength === undefined ? '' : `${minLength ?? 0} to ${maxLength} characters`,
    pattern === undefined ? '' : `\`${pattern}\``,
    format === undefined ? '' : String(format),
  ].filter((bound) => bound !== '');
  const name = Array.isArray(type) ? type.join(' or ') : String(type);
  return bounds.length === 0 ? name : `${name} (${bounds.join(' ')})`;
}

function linkTo(name: string): string {
  return `[${name}](#${name.toLowerCase()})`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ');
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}
