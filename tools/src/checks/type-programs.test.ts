/** `npm test` checks types and style of all packages in few programs; a file in none of them would not be checked at all. */
import { globSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { workspaceRoot } from '../workspace-root.ts';

/** What the scripts `types` of the packages name. */
const PROGRAMS = [
  'tsconfig.types.json',
  'infra/tsconfig.json',
  'perf/scenarios/tsconfig.json',
  'apps/dashboard/src/board/browser/tsconfig.json',
  'apps/dashboard/src/user-page/browser/tsconfig.json',
];

function filesOf(program: string): readonly string[] {
  const file = join(workspaceRoot, program);
  const { config, error } = ts.readConfigFile(file, ts.sys.readFile);
  expect(error).toBeUndefined();
  const { fileNames, errors } = ts.parseJsonConfigFileContent(config, ts.sys, join(file, '..'));
  expect(errors).toEqual([]);
  return fileNames.map((name) => relative(workspaceRoot, name));
}

const scriptsNamed = () =>
  globSync(['package.json', '{apps,libs,sandbox}/*/package.json', '{infra,perf,tools}/package.json'], {
    cwd: workspaceRoot,
  }).flatMap((file) => {
    const { scripts } = JSON.parse(ts.sys.readFile(join(workspaceRoot, file)) ?? '{}') as {
      scripts?: Readonly<Record<string, string>>;
    };
    return scripts?.types === undefined ? [] : [`${file}: ${scripts.types}`];
  });

it('each TypeScript file is in a program whose types npm test checks', () => {
  const checked = new Set(PROGRAMS.flatMap(filesOf));
  const sources = globSync('{apps,libs,sandbox,tools,perf,infra}/**/*.{ts,mts}', {
    cwd: workspaceRoot,
    exclude: (path) => /(^|\/)(node_modules|dist)$/.test(path),
  });
  expect(sources.length).toBeGreaterThan(500);
  expect(sources.filter((file) => !checked.has(file))).toEqual([]);
  expect(checked).toContain('vitest.config.mts');
});

it('the packages have the scripts that check these programs', () => {
  expect(scriptsNamed().sort()).toEqual([
    'apps/dashboard/package.json: tsc -p src/board/browser && tsc -p src/user-page/browser',
    'infra/package.json: tsc -p .',
    'perf/package.json: tsc -p scenarios',
    'tools/package.json: tsc -p ../tsconfig.types.json',
  ]);
});

it('each package is in a folder whose style npm test checks', () => {
  const { scripts, nx } = JSON.parse(ts.sys.readFile(join(workspaceRoot, 'tools/package.json')) ?? '{}') as {
    scripts: Readonly<Record<string, string>>;
    nx: { targets: { style: { inputs: readonly string[] } } };
  };
  const [, folders = ''] = /^cd \.\. && biome check (.*)$/.exec(scripts.style ?? '') ?? [];
  const checked = folders.split(' ');
  const packages = globSync(['{apps,libs,sandbox}/*/package.json', '*/package.json'], {
    cwd: workspaceRoot,
    exclude: (path) => /(^|\/)(node_modules|dist)$/.test(path),
  });
  expect(packages.length).toBeGreaterThan(15);
  expect(packages.filter((file) => !checked.includes(file.split('/')[0] ?? ''))).toEqual([]);
  // Or a change there would be taken for one that needs no other look.
  const looked = checked.map((name) => `{workspaceRoot}/${name}${name.includes('.') ? '' : '/**/*'}`);
  expect(nx.targets.style.inputs).toEqual(expect.arrayContaining(looked));
});
