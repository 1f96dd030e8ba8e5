import { expect, it } from 'vitest';
import { workspaceRoot } from '../workspace-root.ts';
import { chooseFiles } from './choose-files.ts';
import { pureCores } from './pure-cores.ts';

const folds = { name: 'folds', folder: 'libs/storage', files: ['src/fold-*.ts', '!src/fold-memory.ts'] } as const;

it('finds the sources of a core, without tests and without what is taken away', () => {
  expect(chooseFiles(workspaceRoot, folds)).toEqual([
    'src/fold-accounts.ts',
    'src/fold-changes.ts',
    'src/fold-coverage.ts',
    'src/fold-head.ts',
    'src/fold-transactions.ts',
  ]);
});

it.each(['libs/storage/src/fold-h*.ts', 'fold-head.ts', '**/fold-head.ts'])('takes %j alone', (only) => {
  expect(chooseFiles(workspaceRoot, folds, only)).toEqual(['src/fold-head.ts']);
});

it('has nothing of another package', () => {
  expect(chooseFiles(workspaceRoot, folds, 'libs/insights/src/*.ts')).toEqual([]);
});

it.each(['src/nowhere.ts', '!src/nowhere-*.ts'])('refuses a core whose pattern %j matches nothing', (pattern) => {
  const moved = { name: 'moved', folder: 'libs/storage', files: [pattern] } as const;
  expect(() => chooseFiles(workspaceRoot, moved)).toThrow('matches no file');
});

it.each(pureCores)('$name has files, each of which is where it was', (core) => {
  expect(chooseFiles(workspaceRoot, core)).not.toEqual([]);
});
