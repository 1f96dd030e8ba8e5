/** `npm run docs:errors`: makes the tables of the providers' errors on docs/errors.md anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { runCommand } from '@quartersec/command-line';
import { renderErrorPage } from './error-page.ts';

const usage = `usage: npm run docs:errors
Makes the tables of the providers' errors in docs/errors.md anew, from libs/providers/src/<provider>/error-table.ts.
`;

await runCommand({ name: 'docs:errors', usage, options: {} }, () => {
  const page = new URL('../../../../docs/errors.md', import.meta.url);
  const old = readFileSync(page, 'utf8');
  const made = renderErrorPage(old);
  writeFileSync(page, made);
  process.stdout.write(made === old ? 'docs/errors.md is up to date\n' : 'docs/errors.md: tables written\n');
});
