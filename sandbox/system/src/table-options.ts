/** Which table a command is about: the running system's, or one that its options name. */
import { CommandError } from '@quartersec/command-line';
import type { TableAddress } from './connect-table.ts';
import { findSystem } from './running-system.ts';

export const tableOptions = {
  table: { type: 'string' },
  region: { type: 'string' },
  endpoint: { type: 'string' },
  dax: { type: 'string' },
} as const;

export type TableValues = { readonly [Name in keyof typeof tableOptions]?: string | undefined };

export interface FoundTable extends TableAddress {
  readonly dax: string | undefined;
  /** Control server, where the table is the running system's. */
  readonly systemUrl: string | undefined;
}

/** Also says which table it is: these tools erase, and a forgotten option must not pass for the running system. */
export async function findTable(values: TableValues): Promise<FoundTable> {
  const found = namedTable(values) ?? (await tableOfRunningSystem());
  const { tableName, region, endpoint, systemUrl } = found;
  const place = endpoint === undefined ? region : `${region}, ${endpoint}`;
  process.stderr.write(`table ${tableName} (${place}${systemUrl === undefined ? '' : ', the running system'})\n`);
  return found;
}

/** @throws {CommandError} `USAGE` when the options name half a table */
function namedTable({ table, region, endpoint, dax }: TableValues): FoundTable | undefined {
  const given = Object.entries({ table, region, endpoint, dax }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`],
  );
  if (given.length === 0) return undefined;
  if (!table || !region)
    throw new CommandError(
      'USAGE',
      `${given.join(' and ')} without ${[table ? [] : '--table', region ? [] : '--region'].flat().join(' and ')}: name table and region both, or neither for the running system`,
    );
  return { tableName: table, region, endpoint, dax, systemUrl: undefined };
}

async function tableOfRunningSystem(): Promise<FoundTable> {
  const system = await findSystem();
  if (system === undefined)
    throw new CommandError(
      'FAILED',
      'no system is running here: run npm start first, or name a table with --table and --region',
    );
  const { tableName, dynamoDbUrl, daxUrl, url, region } = system;
  return { tableName, region, endpoint: dynamoDbUrl, dax: daxUrl, systemUrl: url };
}
