/** The board as a whole: source, server, and the beat that joins them. */
import { readFile } from 'node:fs/promises';
import { createUserApi } from '../user-page/user-api.ts';
import { Board } from './board.ts';
import type { BoardReader } from './board-reader.ts';
import { type BoardServer, startBoardServer } from './board-server.ts';
import type { BoardSource } from './board-source.ts';
import { bundlePageFiles } from './page-files.ts';
import { PrometheusReader } from './prometheus-reader.ts';
import { SystemReader } from './system-reader.ts';

export interface BoardOptions {
  /** 0: a free one. */
  readonly port: number;
  readonly nowEpochMs?: () => number;
  /** In place of the one that the source names. */
  readonly reader?: BoardReader;
  /** In place of the reader's own. */
  readonly readEveryMs?: number;
}

export interface RunningBoard {
  readonly url: string;
  readonly board: Board;
  readonly server: BoardServer;
  close(): Promise<void>;
}

const publishEveryMs = 1_000;
const heartbeatEveryMs = 15_000;
const runbooks = new URL('../../../../docs/troubleshooting.md', import.meta.url);

/** @throws {Error} when the port is occupied, naming the remedy */
export async function startBoard(source: BoardSource, options: BoardOptions): Promise<RunningBoard> {
  const nowEpochMs = options.nowEpochMs ?? Date.now;
  const reader =
    options.reader ?? (source.kind === 'system' ? new SystemReader(source.url) : new PrometheusReader(source.url));
  const board = new Board(reader, nowEpochMs);
  const [files, userFiles, text] = await Promise.all([
    bundlePageFiles('board'),
    bundlePageFiles('user'),
    readFile(runbooks, 'utf8'),
  ]);
  const server = await startBoardServer(board, {
    port: options.port,
    files,
    runbooks: text,
    nowEpochMs,
    // Behind a Prometheus there are no users, and nobody who would give their tokens
    ...(source.kind === 'system' && {
      userPage: { files: userFiles, api: createUserApi(source.url, nowEpochMs) },
    }),
  });

  let reading = false;
  const read = async () => {
    if (reading) return; // one that hangs is not joined by another
    reading = true;
    await board.read();
    reading = false;
    server.publish();
  };
  const timers = [
    setInterval(read, options.readEveryMs ?? reader.readEveryMs),
    // Readers hear of it also while a read hangs or is not due, and alerts are judged
    setInterval(() => (reading || reader.readEveryMs > publishEveryMs ? server.publish() : undefined), publishEveryMs),
    setInterval(() => server.heartbeat(), heartbeatEveryMs),
  ];
  void read();
  return {
    url: server.url,
    board,
    server,
    async close() {
      for (const timer of timers) clearInterval(timer);
      await server.close();
    },
  };
}
