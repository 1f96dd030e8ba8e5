/**
 * AWS's Java client for DAX. Maven fetches it into the workspace's `.cache`, and the program that drives it is compiled there:
 * both once, until the program or its pom.xml changes.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type ClientProcess, runProcess } from './client-process.ts';
import { INTEROP_DIRECTORY } from './interop-operations.ts';

const FETCH_TIMEOUT_MS = 300_000;
const CACHE = join(import.meta.dirname, '../../../../.cache/java');
const REPOSITORY = join(CACHE, 'repository');
const POM = join(INTEROP_DIRECTORY, 'java/pom.xml');
const SOURCE = join(INTEROP_DIRECTORY, 'java/RunOperations.java');
/** One core and a short life: no second compiler, no parallel collector. */
const FRUGAL = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];
const execute = promisify(execFile);

const contentHash = createHash('sha256').update(readFileSync(POM)).update(readFileSync(SOURCE)).digest('hex');
const PROGRAM = join(CACHE, contentHash.slice(0, 16));
const CLASSPATH_FILE = join(PROGRAM, 'classpath.txt');

export const javaClient: ClientProcess = {
  language: 'java',
  capacityOfCachedReads: { getItem: undefined, query: 0, batchGetItem: 0 },
  async prepare() {
    try {
      await execute('java', ['-version']);
      if (!existsSync(PROGRAM)) await build();
      return undefined;
    } catch (error) {
      const [cause] = String((error as Error).message).split('\n');
      return `the Java client was left out (${cause}): install a JDK of 17 or newer and Maven (Debian, Ubuntu: apt-get install default-jdk-headless maven; macOS: brew install openjdk maven)`;
    }
  },
  async run(kind, endpoint, operations, settings) {
    const classpath = `${readFileSync(CLASSPATH_FILE, 'utf8').trim()}:${PROGRAM}`;
    const trust = settings?.caFile === undefined ? [] : await trustOptions(settings.caFile);
    const command = [...FRUGAL, ...trust, '-cp', classpath, 'RunOperations', kind, endpoint];
    return runProcess('java', command, operations, settings);
  },
};

/** Java reads authorities from a store of its own kind: one is made beside the PEM file. */
async function trustOptions(caFile: string): Promise<readonly string[]> {
  const [store, password] = [`${caFile}.p12`, 'changeit'];
  const into = ['-keystore', store, '-storepass', password, '-storetype', 'PKCS12'];
  await execute('keytool', ['-importcert', '-noprompt', '-alias', 'local', '-file', caFile, ...into]);
  return [`-Djavax.net.ssl.trustStore=${store}`, `-Djavax.net.ssl.trustStorePassword=${password}`];
}

/** Into a folder that gets its name when all of it is there, so that a build that was cut off is made again. */
async function build(): Promise<void> {
  const folder = `${PROGRAM}-${process.pid}`;
  mkdirSync(folder, { recursive: true });
  const classpathFile = join(folder, 'classpath.txt');
  const goal = ['dependency:build-classpath', `-Dmdep.outputFile=${classpathFile}`];
  const options = ['--quiet', '--batch-mode', `-Dmaven.repo.local=${REPOSITORY}`, '--file', POM];
  await execute('mvn', [...options, ...goal], { timeout: FETCH_TIMEOUT_MS });
  const classpath = readFileSync(classpathFile, 'utf8').trim();
  await execute('javac', ['-nowarn', '-cp', classpath, '-d', folder, SOURCE], { timeout: FETCH_TIMEOUT_MS });
  if (existsSync(PROGRAM)) rmSync(folder, { recursive: true });
  else renameSync(folder, PROGRAM);
}
