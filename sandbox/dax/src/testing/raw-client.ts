/** Speaks to a node in plain bytes: what no real client would send, and exactly what one does send. */
import { connect, type Socket } from 'node:net';
import { hex } from './hex.ts';

/** As AWS's JavaScript client sends it. */
export const PREAMBLE = hex(
  '67"J7yne5G" 00 50 2d06f30690425a39bcaa614d82d85da2 a1 69"UserAgent" 73"DaxJSV3Client-3.1.0" 00',
);

/** As AWS's Java client sends it: version 1, no session. */
export const JAVA_PREAMBLE = hex('67"J7yne5G" 01 f6 a1 69"UserAgent" 74"DaxJavaClient-2.0.10" 00');

export interface RawClient {
  readonly socket: Socket;
  send(bytes: Buffer | string): void;
  /** The next `length` bytes. */
  receive(length: number): Promise<Buffer>;
  /** Resolves once the node has closed the connection. */
  readonly closed: Promise<void>;
  close(): void;
}

export async function connectRaw(port: number): Promise<RawClient> {
  const socket = connect(port, '127.0.0.1');
  let received = Buffer.alloc(0);
  let wanted: { length: number; resolve: (bytes: Buffer) => void; reject: (error: Error) => void } | undefined;
  const settle = () => {
    if (wanted === undefined || received.length < wanted.length) return;
    const { length, resolve } = wanted;
    wanted = undefined;
    const bytes = received.subarray(0, length);
    received = received.subarray(length);
    resolve(bytes);
  };
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
    settle();
  });
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => {
    socket.on('close', () => {
      wanted?.reject(new Error(`closed after ${received.toString('hex')}`));
      resolve();
    });
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  return {
    socket,
    send: (bytes) => socket.write(typeof bytes === 'string' ? hex(bytes) : bytes),
    receive: (length) =>
      new Promise((resolve, reject) => {
        wanted = { length, resolve, reject };
        settle();
      }),
    closed,
    close: () => socket.destroy(),
  };
}
