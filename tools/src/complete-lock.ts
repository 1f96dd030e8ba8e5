/** `npm run lock:complete`: after `npm install` at a registry that lacks packages of other platforms. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '@quartersec/command-line';
import { completeLock, type Lock, missingEntries } from './lock/complete-lock.ts';
import { workspaceRoot } from './workspace-root.ts';

const USAGE = `usage: npm run lock:complete
Adds to package-lock.json the optional packages of other platforms that npm left out, so that npm ci accepts it.
`;

await runCommand({ name: 'lock:complete', usage: USAGE, options: {} }, () => {
  const file = join(workspaceRoot, 'package-lock.json');
  const lock = JSON.parse(readFileSync(file, 'utf8')) as Lock;
  const added = Object.keys(missingEntries(lock));
  if (added.length > 0) writeFileSync(file, `${JSON.stringify(completeLock(lock), null, 2)}\n`);
  process.stdout.write(added.length > 0 ? `added ${added.join(', ')}\n` : 'package-lock.json is complete\n');
});
