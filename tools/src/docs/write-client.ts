/** `npm run docs:client`: the types of a client of the API, for the example app. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '@quartersec/command-line';
import openapiTypes, { astToString } from 'openapi-typescript';
import { workspaceRoot } from '../workspace-root.ts';

const target = 'docs/examples/api.d.ts';
const usage = `npm run docs:client
  Writes ${target}, which docs/examples/app.ts is checked with, from docs/openapi.json. It is not kept in the repository.
`;

await runCommand({ name: 'docs:client', usage, options: {} }, async () => {
  const document = readFileSync(join(workspaceRoot, 'docs/openapi.json'), 'utf8');
  writeFileSync(join(workspaceRoot, target), astToString(await openapiTypes(document)));
  process.stdout.write(`${target}: written\n`);
});
