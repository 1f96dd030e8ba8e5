/** Builds `dist`, a folder that `npm publish ./dist` takes as it stands: JavaScript, types, README, licence. */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');

rmSync(dist, { recursive: true, force: true });
execFileSync('tsc', ['-p', join(root, 'tsconfig.build.json')], {
  stdio: 'inherit',
  shell: process.platform === 'win32',
});
const { name, version, description, license, engines, keywords } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
) as Record<string, unknown>;
const manifest = {
  name,
  version,
  description,
  license,
  engines,
  keywords,
  type: 'module',
  exports: { '.': { types: './index.d.ts', default: './index.js' } },
  bin: { 'dax-node': './cli.js' },
};
writeFileSync(join(dist, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
const cli = join(dist, 'cli.js');
writeFileSync(cli, `#!/usr/bin/env node\n${readFileSync(cli, 'utf8')}`);
chmodSync(cli, 0o755);
copyFileSync(join(root, 'README.md'), join(dist, 'README.md'));
copyFileSync(join(root, '../../LICENSE'), join(dist, 'LICENSE'));
