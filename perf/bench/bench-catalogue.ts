/** The benches by name. Adding one is an entry here. */

interface Bench {
  /** Relative to this folder; takes its own options and `--help`. */
  readonly script: string;
  readonly about: string;
}

export const benches = {
  validation: { script: '../../libs/validation/bench/run.ts', about: 'typia beside zod and ajv on one page' },
  coldstart: { script: './coldstart.ts', about: 'bundle sizes and time to the first answer of each function' },
  cpu: {
    script: './cpu.ts',
    about: 'CPU of one event as a multiple of a reference loop in the same seconds; memory and times',
  },
  packing: {
    script: '../../sandbox/journeys/src/packing/run.ts',
    about: 'sizes of packed entries and heads, and the CPU of packing, by way to pack',
  },
  accuracy: {
    script: '../../sandbox/journeys/src/accuracy/run.ts',
    about: 'how often insights are right, and how many facts they tell, on households whose truth is known',
  },
  insights: {
    script: '../../libs/insights/bench/run.ts',
    about: 'CPU of deriving insights, at once and per event, and the size of the state kept for it',
  },
  dax: { script: './dax.ts', about: 'repeat reads through DAX beside the same reads from the table; load on a node' },
  reader: { script: './reader.ts', about: 'pages of a connection with 20,000 transactions through the query function' },
} as const satisfies Record<string, Bench>;

const lines = Object.entries(benches).map(([name, { about }]) => `  ${name.padEnd(10)} ${about}`);

export const benchUsage = `npm run bench -- <name> [options]
${lines.join('\n')}
Each takes --help, prints a table, and writes perf/reports/bench-<name>.json.
`;
