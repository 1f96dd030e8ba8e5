/** Builds `dist`: JavaScript and types of what `npm pack` takes, which runs this first. The licence comes from the workspace. */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');

rmSync(dist, { recursive: true, force: true });
execFileSync('tsc', ['-p', join(root, 'tsconfig.build.json')], {
  stdio: 'inherit',
  shell: process.platform === 'win32',
});
chmodSync(join(dist, 'cli.js'), 0o755);
copyFileSync(join(root, '../../LICENSE'), join(root, 'LICENSE'));
