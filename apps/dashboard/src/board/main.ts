/**
 * `npm run board`: the SLA board on this machine, until Ctrl-C. Also a child of `npm start`: it then says where it listens,
 * and ends with its parent.
 */
import { CommandError, exitCodeOf, runCommand } from '@quartersec/command-line';
import { readBoardSource } from './board-source.ts';
import { startBoard } from './start-board.ts';

const usage = `SYSTEM_URL=<address> npm run board        the board of a running system
PROMETHEUS_URL=<address> npm run board    the board of a deployed one, read through Prometheus
PORT: port of the page (default: a free one). Ctrl-C ends it.
`;

function readPort(text: string | undefined): number {
  if (text === undefined || text === '') return 0;
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new CommandError('USAGE', `PORT must be 0 to 65535, not ${text}`);
  return Number(text);
}

async function run(): Promise<void> {
  const source = readBoardSource(process.env);
  const board = await startBoard(source, { port: readPort(process.env.PORT) });
  const end = async (exitCode: number) => {
    await board.close();
    process.exit(exitCode);
  };
  process.once('disconnect', () => end(0));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(exitCodeOf(signal)));
  if (process.send) process.send({ url: board.url });
  else process.stdout.write(`the SLA board of ${source.url} is at ${board.url}\n`);
}

await runCommand({ name: 'board', usage, options: {} }, run);
