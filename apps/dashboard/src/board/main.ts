/**
 * `npm run board`: the SLA board on this machine, until Ctrl-C. Also a child of `npm start`: it then says where it listens,
 * and ends with its parent.
 */
import { readBoardSource } from './board-source.ts';
import { startBoard } from './start-board.ts';

const usage = `SYSTEM_URL=<address> npm run board        the board of a running system
PROMETHEUS_URL=<address> npm run board    the board of a deployed one, read through Prometheus
PORT: port of the page (default: a free one). Ctrl-C ends it.
`;

function readPort(text: string | undefined): number {
  if (text === undefined || text === '') return 0;
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw new Error(`PORT must be 0 to 65535, not ${text}`);
  return Number(text);
}

async function run(): Promise<void> {
  const source = readBoardSource(process.env);
  const board = await startBoard(source, { port: readPort(process.env.PORT) });
  const end = async () => {
    await board.close();
    process.exit(0);
  };
  process.once('disconnect', end);
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  if (process.send) process.send({ url: board.url });
  else process.stdout.write(`the SLA board of ${source.url} is at ${board.url}\n`);
}

if (process.argv.includes('--help')) process.stdout.write(usage);
else {
  run().catch((error: unknown) => {
    process.stderr.write(`the board did not start: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
