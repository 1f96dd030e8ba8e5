import { createServer, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { withinMs } from './attempt-timeout.ts';

it('ends the wait for what never comes, and says so to it', async () => {
  let told = false;
  const never = (signal: AbortSignal) => {
    signal.addEventListener('abort', () => {
      told = true;
    });
    return new Promise<string>(() => {});
  };
  await expect(withinMs(5, never)).rejects.toMatchObject({ name: 'AttemptTimeout' });
  expect(told).toBe(true);
});

it('takes an answer that is there, though a busy event loop looks at the clock first', async () => {
  const server = createServer((socket) => socket.write('answer'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { connect } = await import('node:net');
  const { port } = server.address() as { port: number };
  let socket: Socket | undefined;
  const answer = withinMs(50, async () => {
    socket = connect(port, '127.0.0.1');
    await new Promise((resolve) => socket?.once('connect', resolve));
    const data = new Promise<string>((resolve) => socket?.once('data', (chunk) => resolve(String(chunk))));
    const busyUntilMs = performance.now() + 200;
    while (performance.now() < busyUntilMs); // both the timer and the answer are due when this ends
    return data;
  });
  expect(await answer).toBe('answer');
  socket?.destroy();
  await new Promise((resolve) => server.close(resolve));
});

it('passes a failure on', async () => {
  await expect(withinMs(1_000, () => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
});
