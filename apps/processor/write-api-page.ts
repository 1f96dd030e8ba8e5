/** `npm run docs:api`: makes the reference on docs/api.md, and docs/openapi.json, anew. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runCommand } from '@quartersec/command-line';
import { bundleFunction } from './bundle.ts';
import type * as Rendering from './src/api/openapi/api-page.ts';

const usage = `usage: npm run docs:api
Makes the reference of the API in docs/api.md and the document docs/openapi.json anew, from apps/processor/src/api/contract.ts
and routes.ts.
`;

await runCommand({ name: 'docs:api', usage, options: {} }, async () => {
  // The schemas exist only in the compiled form of the contract.
  const folder = mkdtempSync(join(tmpdir(), 'quartersec-api-page-'));
  try {
    await bundleFunction(`${import.meta.dirname}/src/api/openapi/api-page.ts`, join(folder, 'page'));
    const module = (await import(pathToFileURL(join(folder, 'page', 'index.mjs')).href)) as typeof Rendering;
    write('api.md', module.renderApiPage(read('api.md')));
    write('openapi.json', module.renderDocument());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

function read(name: string): string {
  const page = new URL(`../../docs/${name}`, import.meta.url);
  return existsSync(page) ? readFileSync(page, 'utf8') : '';
}

function write(name: string, made: string): void {
  const isSame = made === read(name);
  if (!isSame) writeFileSync(new URL(`../../docs/${name}`, import.meta.url), made);
  process.stdout.write(`docs/${name}: ${isSame ? 'up to date' : 'written'}\n`);
}
