import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { workspaceRoot } from '../workspace-root.ts';
import { pureCores } from './pure-cores.ts';

it('is run every night for each core', () => {
  const workflow = readFileSync(join(workspaceRoot, '.github/workflows/nightly.yml'), 'utf8');
  expect(/package: \[(.*)\]/.exec(workflow)?.[1]?.split(', ')).toEqual(pureCores.map(({ name }) => name));
});
