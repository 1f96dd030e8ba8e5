/** The simulator on its own, for any project: `node src/cli.ts --port 4010`. */
import { parseArgs } from 'node:util';
import { ProvidersError } from './providers-error.ts';
import { startProviders } from './server.ts';
import { defaults, type ProvidersOptions } from './simulator.ts';

const help = `A bank-data provider that stands in for Plaid on this machine, until Ctrl-C.

  node src/cli.ts [options]

  --port N           port to listen on; 0 = any free one        (${defaults.port})
  --host ADDRESS     address to listen on                       (${defaults.host})
  --seed N           same seed, same data                       (${defaults.seed})
  --connections N    access tokens access-sandbox-0 to N-1      (${defaults.connections})
  --median-ms N      median of the answers' delay; 0 = none     (${defaults.latency.medianMs})
  --p99-ms N         99th percentile of the same                (${defaults.latency.p99Ms})
  --history N        transactions that a first sync finds       (${defaults.historyTransactions})
  --multi-page X     share of days on several pages, 0 to 1     (${defaults.multiPageShare})
  --published N      last day published until advanced          (no end)
  --start-date DATE  the first virtual day                      (${defaults.startDate})
  --client-id TEXT   what clients must send                     (${defaults.clientId})
  --secret TEXT      what clients must send                     (${defaults.secret})
  --help

Faults, counters and the truth are at /control: see README.md.
`;

const text = { type: 'string' } as const;
const flags = {
  port: text,
  host: text,
  seed: text,
  connections: text,
  'median-ms': text,
  'p99-ms': text,
  history: text,
  'multi-page': text,
  published: text,
  'start-date': text,
  'client-id': text,
  secret: text,
  help: { type: 'boolean' },
} as const;

function readFlags(args: readonly string[]): ProvidersOptions | 'help' {
  const { values } = parseArgs({ args: [...args], options: flags, strict: true });
  if (values.help === true) return 'help';
  const number = (name: keyof typeof values): number | undefined => {
    const given = values[name];
    if (given === undefined) return undefined;
    const value = Number(given);
    if (given === '' || Number.isNaN(value)) throw new TypeError(`--${name} must be a number, not "${given}"`);
    return value;
  };
  const medianMs = number('median-ms') ?? defaults.latency.medianMs;
  const p99Ms = number('p99-ms') ?? (medianMs === defaults.latency.medianMs ? defaults.latency.p99Ms : 3 * medianMs);
  return {
    port: number('port') ?? defaults.port,
    host: values.host ?? defaults.host,
    seed: number('seed') ?? defaults.seed,
    connections: number('connections') ?? defaults.connections,
    latency: { medianMs, p99Ms },
    historyTransactions: number('history') ?? defaults.historyTransactions,
    multiPageShare: number('multi-page') ?? defaults.multiPageShare,
    published: number('published') ?? null,
    startDate: values['start-date'] ?? defaults.startDate,
    clientId: values['client-id'] ?? defaults.clientId,
    secret: values.secret ?? defaults.secret,
  };
}

function stop(message: string, exitCode = 1): never {
  process.stderr.write(`providers: ${message}\n`);
  process.exit(exitCode);
}

async function main(): Promise<void> {
  const options = readFlags(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(help);
    return;
  }
  const providers = await startProviders(options);
  process.stdout.write(
    `Plaid stand-in at ${providers.url}, seed ${options.seed}, control API at ${providers.controlUrl}\n`,
  );
  const ended = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const; // the exit codes that shells give these signals
  for (const signal of Object.keys(ended) as (keyof typeof ended)[]) {
    process.once(signal, () => {
      process.exitCode = ended[signal];
      void providers.close();
    });
  }
}

main().catch((error: unknown) => {
  if (error instanceof ProvidersError && error.code === 'PORT_IN_USE') {
    stop(
      `Port ${error.facts.port} is in use. Stop what listens there, or choose another with --port (0 takes any free one).`,
    );
  }
  // Node adds advice on positional arguments behind the first sentence; options that cannot be read are a TypeError as well.
  const [sentence] = (error instanceof Error ? error.message : String(error)).split(/\.\s|\n/);
  stop(`${sentence?.replace(/\.$/, '')}; --help lists the options`, error instanceof TypeError ? 2 : 1);
});
