/** The package as others get it: packed, installed where nothing of this workspace is, and driven by AWS's client. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeDaxClient, newDaxClient } from './testing/dax-client.ts';
import { createTables, newPrefix, startTestDynamo } from './testing/dynamodb.ts';

const execute = promisify(execFile);
const WORKSPACE = join(import.meta.dirname, '../../..');
const NAME = '@quartersec/sandbox-dax';
const OFFLINE = ['--offline', '--no-audit', '--no-fund', '--ignore-scripts'];

const folder = mkdtempSync(join(tmpdir(), 'dax-tarball-'));
const installed = join(folder, 'node_modules', NAME);

beforeAll(async () => {
  const { stdout } = await execute('npm', ['pack', '--json', '-w', NAME, '--pack-destination', folder], {
    cwd: WORKSPACE,
  });
  const [packed] = JSON.parse(stdout.slice(stdout.indexOf('['))) as [{ filename: string }];
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'elsewhere', private: true, type: 'module' }));
  await execute('npm', ['install', ...OFFLINE, join(folder, packed.filename)], { cwd: folder });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The first line that matches. The whole output is in the error when none does. */
function firstMatch(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let said = '';
    const read = (chunk: Buffer) => {
      said += chunk.toString();
      const match = pattern.exec(said);
      if (match !== null) resolve(match);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`ended with ${code}: ${said}`)));
  });
}

describe('the tarball', () => {
  it('brings itself alone: no dependencies, no sources, no tests', () => {
    expect(readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['@quartersec']);
    expect(readdirSync(join(folder, 'node_modules/@quartersec'))).toEqual(['sandbox-dax']);
    expect(readdirSync(installed).sort()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json']);
    const built = readdirSync(join(installed, 'dist'));
    expect(built).toEqual(expect.arrayContaining(['index.js', 'index.d.ts', 'cli.js']));
    expect(built.filter((name) => !/^[a-z-]+\.(js|d\.ts)$/.test(name))).toEqual([]);
    const imported = built.flatMap((name) =>
      [...readFileSync(join(installed, 'dist', name), 'utf8').matchAll(/\bfrom ["']([^."'][^"']*)["']/g)].map(
        ([, from]) => from,
      ),
    );
    expect([...new Set(imported)].filter((from) => !from?.startsWith('node:'))).toEqual([]);
  });

  it("starts from its command and serves AWS's client", async () => {
    const dynamo = await startTestDynamo();
    const prefix = newPrefix();
    await createTables(dynamo.client, prefix);
    const command = join(folder, 'node_modules/.bin/dax-node');
    const options = ['--endpoint', dynamo.endpoint, '--port', '0', '--state-directory', join(folder, 'state')];
    const child = spawn(process.execPath, [command, ...options], { cwd: folder });
    try {
      const [, url = ''] = await firstMatch(child, /DAX node at (\S+),/);
      const dax = newDaxClient(url);
      const TableName = `${prefix}-single`;
      await dax.putItem({ TableName, Item: { pk: { S: 'a' }, n: { N: '1' } } });
      const read = await dax.getItem({ TableName, Key: { pk: { S: 'a' } } });
      expect(read.Item).toEqual({ pk: { S: 'a' }, n: { N: '1' } });
      closeDaxClient(dax);
    } finally {
      child.removeAllListeners('exit');
      const ended = new Promise((resolve) => child.on('exit', resolve));
      child.kill('SIGTERM');
      expect(await ended).toBe(143);
      await dynamo.close();
    }
  });

  it('can be used by a program, with its types', async () => {
    const program = `import { type DaxNodeOptions, startDaxNode } from '${NAME}';
      const options: DaxNodeOptions = { endpoint: 'http://127.0.0.1:1' };
      const node = await startDaxNode(options);
      console.log(JSON.stringify(node.stats().connections));
      await node.close();`;
    writeFileSync(join(folder, 'program.ts'), program);
    const { stdout } = await execute(process.execPath, ['program.ts'], { cwd: folder });
    expect(JSON.parse(stdout)).toEqual({ open: 0, accepted: 0, refused: 0 });
    const compilerOptions = { noEmit: true, strict: true, module: 'nodenext', lib: ['es2024', 'dom'], types: [] };
    const check = async (file: string) => {
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [file] }));
      await execute(join(WORKSPACE, 'node_modules/.bin/tsc'), ['-p', folder], { cwd: folder });
    };
    await check('program.ts');
    writeFileSync(join(folder, 'wrong.ts'), program.replace("'http://127.0.0.1:1'", '1'));
    const checked = check('wrong.ts');
    await expect(checked).rejects.toMatchObject({ stdout: expect.stringContaining("Type 'number' is not assignable") });
  });
});
