/** `npm run dashboards`. */
import { fileURLToPath } from 'node:url';
import { runCommand } from '@quartersec/command-line';
import { renderCommand } from './render-command.ts';
import { command } from './render-options.ts';

await runCommand(command, () => {
  process.exitCode = renderCommand(process.argv.slice(2), {
    folder: fileURLToPath(new URL('../dist', import.meta.url)),
    shownFolder: 'apps/dashboard/dist',
    environment: process.env,
    mustCheck: process.env.CI === 'true',
    print: (line) => process.stdout.write(`${line}\n`),
    printError: (line) => process.stderr.write(`${line}\n`),
  });
});
