/** `npm run dictionary -w @quartersec/sandbox-journeys` and `npm run bench -- packing`: bundles the work with typia's transform and runs it. */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { newestDictionaryId } from '@quartersec/storage';
import { validatorsForEsbuild } from '@quartersec/validation/compiler';
import { build } from 'esbuild';
import type * as Work from './packing-work.ts';

const usage = `Usage: npm run bench -- packing [options]
Packs the entries and heads of simulated events, and prints sizes and CPU by way to pack.

  --rounds N        the least of so many counts (default 5)
  --dictionary      instead: makes the newest dictionary anew (npm run dictionary -w @quartersec/sandbox-journeys)
  --help            this text
`;

const root = join(import.meta.dirname, '../../../../');

async function loadWork(): Promise<{ readonly work: typeof Work; close(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'quartersec-packing-'));
  const close = () => rm(directory, { recursive: true, force: true });
  try {
    const outfile = join(directory, 'packing-work.mjs');
    await build({
      entryPoints: [join(import.meta.dirname, 'packing-work.ts')],
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node24',
      logLevel: 'error',
      // The clients of AWS are no part of what is measured, and are loaded by nothing here.
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
      plugins: [validatorsForEsbuild(join(root, 'libs/validation/tsconfig.json'))],
    });
    return { work: (await import(pathToFileURL(outfile).href)) as typeof Work, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function writeDictionary(work: typeof Work): Promise<void> {
  const text = work.makeDictionary();
  const file = `libs/storage/src/dictionary-${newestDictionaryId}.ts`;
  const literal = `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const source = `/** Made by \`npm run dictionary -w @quartersec/sandbox-journeys\`; never changed once entries were packed with it. */
export const dictionary${newestDictionaryId} =
  ${literal};
`;
  await writeFile(join(root, file), source);
  const sha256 = createHash('sha256').update(text).digest('hex');
  process.stdout.write(`${file}: ${Buffer.byteLength(text)} bytes, SHA-256 ${sha256}\n`);
}

async function writeBench(work: typeof Work, rounds: number): Promise<void> {
  const report = work.measurePacking(rounds);
  const { events, plainEntryBytesP50, slimEntryBytesP50, restBytesP50, ways, codec, sizes } = report;
  const lines = [
    `${events} events of 3 to 8 transactions; entry, median: ${plainEntryBytesP50} bytes of canonical JSON, ${slimEntryBytesP50} without what can be restored, ${restBytesP50} without ids, cursors and tokens`,
    'way                                        p50 B  p95 B  pack us  unpack us',
    ...ways.map(({ name, p50Bytes, p95Bytes, packUs, unpackUs }) =>
      [name.padEnd(42), ...[p50Bytes, p95Bytes, packUs, unpackUs].map((value) => String(value).padStart(7))].join(''),
    ),
    'item                 count  mean B  p50 B  p95 B  mean write units',
    ...Object.entries(sizes).map(([name, { items, meanBytes, p50Bytes, p95Bytes, meanWriteUnits }]) =>
      [
        name.padEnd(19),
        ...[items, meanBytes, p50Bytes, p95Bytes, meanWriteUnits].map((value) => String(value).padStart(7)),
      ].join(''),
    ),
    `CPU, us: seal entry ${codec.sealUs}, open entry ${codec.openUs}, encode head ${codec.encodeHeadUs}, decode head ${codec.decodeHeadUs}`,
  ];
  const file = 'perf/reports/bench-packing.json';
  await mkdir(join(root, 'perf/reports'), { recursive: true });
  await writeFile(join(root, file), `${JSON.stringify(report, null, 2)}\n`);
  process.stdout.write(`${lines.join('\n')}\nreport: ${file}\n`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '5' },
      dictionary: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  if (!/^[1-9]\d{0,3}$/.test(values.rounds))
    throw new Error(`--rounds must be a whole number from 1, not ${values.rounds}`);
  const { work, close } = await loadWork();
  try {
    if (values.dictionary) await writeDictionary(work);
    else await writeBench(work, Number(values.rounds));
  } finally {
    await close();
  }
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
