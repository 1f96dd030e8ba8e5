/** `npm run docs:errors`: makes the table of Plaid's errors on docs/errors.md anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { runCommand } from '@quartersec/command-line';
import { renderErrorPage } from './error-page.ts';

const usage = `usage: npm run docs:errors
Makes the table of Plaid's errors in docs/errors.md anew, from libs/providers/src/plaid/error-table.ts.
`;

await runCommand({ name: 'docs:errors', usage, options: {} }, () => {
  const page = new URL('../../../../docs/errors.md', import.meta.url);
  const old = readFileSync(page, 'utf8');
  const made = renderErrorPage(old);
  writeFileSync(page, made);
  process.stdout.write(made === old ? 'docs/errors.md is up to date\n' : 'docs/errors.md: table written\n');
});
