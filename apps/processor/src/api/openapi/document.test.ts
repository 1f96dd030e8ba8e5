import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { createApiSystem } from '../../testing/api-system.ts';
import type { Schemas } from '../operations.ts';
import { problems } from '../problems.ts';
import { routes } from '../routes.ts';
import { renderApiPage, renderDocument } from './api-page.ts';
import { createOpenApiDocument, schemaNamed } from './document.ts';
import { plainSchema } from './plain-schema.ts';

const docs = (name: string) => readFileSync(new URL(`../../../../../docs/${name}`, import.meta.url), 'utf8');
const document = createOpenApiDocument();

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1, by a validator that is not ours', async () => {
    const validator = new Validator();
    const valid = JSON.parse(JSON.stringify(document));
    expect(await validator.validate(valid)).toMatchObject({ valid: true });
    expect(validator.version).toBe('3.1');
    // Every reference leads somewhere.
    expect(() => validator.resolveRefs()).not.toThrow();
    const { info: _, ...without } = valid;
    expect(await new Validator().validate(without)).toMatchObject({ valid: false });
  });

  it('has every route of the table, and nothing else', () => {
    const listed = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]) => [operationId, method.toUpperCase(), path]),
    );
    expect(listed.sort()).toEqual(
      Object.entries(routes)
        .map(([id, { method, path }]) => [id, method, path])
        .sort(),
    );
  });

  it('says what is asked for, what is answered, and with which problems', () => {
    const { get, post } = document.paths['/v1/connections'] ?? {};
    expect(get).toMatchObject({
      operationId: 'listConnections',
      responses: {
        200: {
          headers: { ETag: {} },
          content: { 'application/json': { schema: { $ref: '#/components/schemas/ConnectionList' } } },
        },
        304: {},
        401: {
          description: expect.stringContaining('TOKEN_INVALID'),
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
    });
    expect(post).toMatchObject({ requestBody: { required: true, content: { 'application/json': {} } } });
    expect(document.paths['/v1/link-tokens']?.post).toMatchObject({ requestBody: { required: false } });
    const changes = document.paths['/v1/changes']?.get?.parameters ?? [];
    expect(changes.map(({ name, required }) => [name, required])).toEqual([
      ['after', false],
      ['wait', false],
      ['limit', false],
    ]);
    expect(changes[1]?.schema).toEqual({ type: 'integer', minimum: 0, maximum: 20 });
    expect(document.paths['/v1/connections/{connectionId}']?.get?.parameters).toMatchObject([
      { name: 'connectionId', in: 'path', required: true },
    ]);
    expect(document.paths['/v1/openapi.json']?.get?.security).toEqual([]);
    expect(document.paths['/v1/connections/{connectionId}']?.delete?.responses[204]).not.toHaveProperty('content');
  });

  it('has a schema for each type that a route may name', () => {
    const names: readonly (keyof Schemas)[] = Object.values(routes).flatMap((route) => [
      ...('query' in route ? [route.query] : []),
      ...('body' in route ? [route.body] : []),
      ...Object.values(route.replies).flatMap((reply) => ('schema' in reply ? [reply.schema] : [])),
    ]);
    for (const name of names) expect(schemaNamed(name, document.components.schemas)).toMatchObject({ type: 'object' });
    expect(() => schemaNamed('Problem', {})).toThrow('Problem');
  });

  it('is served without a token, with an ETag, and is the one in docs', async () => {
    const { get } = createApiSystem();
    const answer = await get('/v1/openapi.json', { authorization: undefined });
    expect(answer).toMatchObject({ status: 200, headers: { etag: expect.any(String) } });
    expect(answer.body).toEqual(JSON.parse(docs('openapi.json')));
    const headers = { 'if-none-match': String(answer.headers.etag) };
    expect((await get('/v1/openapi.json', { headers })).status).toBe(304);
  });
});

describe('a generated schema', () => {
  it('becomes an enumeration, a type or null, and writable', () => {
    expect(plainSchema({ oneOf: [{ const: 'a' }, { const: 'b' }], readOnly: true, description: 'd' })).toEqual({
      description: 'd',
      type: 'string',
      enum: ['a', 'b'],
    });
    expect(plainSchema({ oneOf: [{ type: 'null' }, { type: 'string' }] })).toEqual({ type: ['string', 'null'] });
    expect(plainSchema({ oneOf: [{ type: 'null' }, { $ref: '#/x' }] })).toEqual({
      oneOf: [{ type: 'null' }, { $ref: '#/x' }],
    });
    expect(plainSchema({ const: 'a' })).toEqual({ type: 'string', const: 'a' });
    expect(plainSchema({ type: 'array', items: { type: 'number', readOnly: true } })).toEqual({
      type: 'array',
      items: { type: 'number' },
    });
    expect(plainSchema({ type: 'object', properties: {}, required: [] })).toEqual({ type: 'object', properties: {} });
  });
});

describe('docs', () => {
  it('have the page and the document as the contract says: `npm run docs:api` writes them', () => {
    expect(renderApiPage(docs('api.md'))).toBe(docs('api.md'));
    expect(renderDocument()).toBe(docs('openapi.json'));
  });

  it('have a row in errors.md for every problem, with its status', () => {
    const [, page = ''] = docs('errors.md').split('## ApiError');
    for (const [code, { status }] of Object.entries(problems))
      expect(page).toMatch(new RegExp(`^\\| \`${code}\` \\|.*\\b${status}\\b`, 'm'));
  });

  it.each(['', '<!-- made by: npm run docs:api -->'])('are refused without their markers: %j', (page) => {
    expect(() => renderApiPage(page)).toThrow('once');
  });

  it('have a command that explains itself', () => {
    const command = fileURLToPath(new URL('../../../write-api-page.ts', import.meta.url));
    expect(execFileSync(process.execPath, [command, '--help'], { encoding: 'utf8' })).toContain('npm run docs:api');
  });
});
