/** Every route of the table, with everything that is not valid in its query, its body and its path. */
import { describe, expect, it } from 'vitest';
import { ask, createApiSystem } from '../testing/api-system.ts';
import { type ApiOperations, createApiHandler } from './api-handler.ts';
import { createOpenApiDocument, parametersOf } from './openapi/document.ts';
import type { OperationId } from './operations.ts';
import { type OperationsOf, type Route, routes } from './routes.ts';

const { schemas } = createOpenApiDocument().components;
const all = Object.entries(routes) as readonly [OperationId, Route][];
const system = createApiSystem();
const unreachable = () => Promise.reject(new Error('an invalid request was let through'));
const connect: ApiOperations<OperationsOf<'connect'>> = {
  createLinkToken: unreachable,
  createConnection: unreachable,
  refreshConnection: unreachable,
  deleteConnection: unreachable,
  giveFeedback: unreachable,
};
const handlers = { connect: createApiHandler(connect, system.deps), query: system.handler };

/** Texts that no member of this kind takes. */
function wrongTexts(schema: { readonly [keyword: string]: unknown }): readonly string[] {
  const named = typeof schema.$ref === 'string' ? schemas[schema.$ref.replace('#/components/schemas/', '')] : schema;
  const { type, enum: known, minimum, maximum, maxLength, pattern, format } = named ?? {};
  if (type === 'integer') {
    return [
      '',
      'x',
      '1.5',
      '1e2',
      '0x1',
      '-1',
      '+1',
      ' 1',
      '01',
      'NaN',
      'null',
      '9007199254740993',
      ...(minimum === undefined ? [] : [String(Number(minimum) - 1)]),
      ...(maximum === undefined ? [] : [String(Number(maximum) + 1)]),
    ];
  }
  if (known !== undefined) return ['', 'NOPE', 'book', `${(known as string[])[0]} `];
  if (format === 'date')
    return [
      '',
      '2026',
      '2026-1-1',
      '01-02-2026',
      '2026-13-01',
      '2026-01-32',
      '2026-02-30',
      '2026-01-01T00:00:00Z',
      'yesterday',
    ];
  if (pattern !== undefined) return ['', 'a b', 'ä', '../x', `${'x'.repeat(129)}`, 'a%00b'];
  return ['', 'x'.repeat(Number(maxLength) + 1)];
}

async function send(id: OperationId, query: string, body?: string, contentType = 'application/json') {
  const { method, path, servedBy } = routes[id];
  const target = `${path.replace(/\{\w+\}/, 'c1')}${query === '' ? '' : `?${query}`}`;
  return ask(handlers[servedBy], target, {
    method,
    ...(body !== undefined && { body }),
    headers: { 'content-type': contentType },
  });
}

describe.each(all)('%s', (id, route) => {
  const inQuery = parametersOf(route, schemas).filter(({ in: where }) => where === 'query');

  it('refuses each parameter that it does not know, or that comes twice, by its name', async () => {
    for (const query of ['nope=1', 'Limit=1', '%6eope=1', '__proto__=1', 'constructor=1', 'limit[]=1', '=1'])
      expect(await send(id, query)).toMatchObject({
        status: 400,
        body: {
          code: 'REQUEST_INVALID',
          errors: expect.arrayContaining([expect.objectContaining({ expected: 'no such member' })]),
        },
      });
    for (const { name } of inQuery)
      expect((await send(id, `${name}=1&${name}=2`)).body).toMatchObject({
        status: 400,
        errors: [{ path: `query.${name}` }],
      });
  });

  it('refuses each value that is none, by the name of its parameter and without quoting it', async () => {
    for (const { name, schema } of inQuery)
      for (const text of wrongTexts(schema as { readonly [keyword: string]: unknown })) {
        const answer = await send(id, `${name}=${encodeURIComponent(text)}`);
        expect([name, text, answer.status]).toEqual([name, text, 400]);
        const [error] = answer.body.errors;
        expect(error.path).toBe(`query.${name}`);
        expect(error.expected).not.toMatch(/undefined|<|tags/);
      }
  });

  it('refuses each body that is none', async () => {
    for (const body of ['{"nope":1}', '[]', 'null', '"text"', '7']) {
      const answer = await send(id, '', body);
      expect([body, answer.status, answer.body.code]).toEqual([body, 400, 'REQUEST_INVALID']);
      expect(answer.body.errors.some((error: { path: string }) => error.path.startsWith('body'))).toBe(true);
    }
    expect(await send(id, '', '{')).toMatchObject({ status: 400, body: { code: 'BODY_MALFORMED' } });
    expect(await send(id, '', '{}', 'text/plain')).toMatchObject({ status: 415 });
  });

  it('refuses each member of its body that is of another form', async () => {
    const { properties = {} } = route.body === undefined ? {} : (schemas[route.body] ?? {});
    for (const [name, schema] of Object.entries(properties))
      for (const value of [7, null, [], {}, true, ...wrongTexts(schema as { readonly [keyword: string]: unknown })]) {
        const body = JSON.stringify({ [name]: value });
        if (typeof value === 'string' && value.length === 129 && name === 'publicToken') continue; // that one may be so long
        if (value === '2026-02-30') continue; // has the form of a day: the operation refuses it
        const answer = await send(id, '', body);
        expect([body, answer.status]).toEqual([body, 400]);
        expect(
          answer.body.errors.map(({ path }: { path: string }) => path),
          body,
        ).toContain(`body.${name}`);
      }
  });
});

it('an id in the path that can be none is an address that is not there', async () => {
  for (const id of ['a%20b', '..', 'ä', 'x'.repeat(129), 'a/b/c'])
    expect(await ask(system.handler, `/v1/connections/${id}`)).toMatchObject({
      status: 404,
      body: { code: 'NOT_FOUND' },
    });
});
