/** A proxy of TCP whose connections can die without a word: no FIN, no RST, as behind a NAT or a balancer that lost its state. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface BlackHole {
  readonly url: string;
  /** Where connections go from now on. */
  leadTo(url: string): void;
  /** Those that are open hear and say nothing any more; new ones work. @returns how many */
  swallow(): number;
  close(): Promise<void>;
}

export async function startBlackHole(): Promise<BlackHole> {
  let target: URL | undefined;
  let open: { dead: boolean }[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect({ host: target?.hostname ?? '127.0.0.1', port: Number(target?.port) });
    const pair = { dead: false };
    open.push(pair);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (bytes) => void (pair.dead || to.write(bytes)));
      from.on('error', () => {}); // the other end of the pair reports the failure
      from.on('close', () => {
        sockets.delete(from);
        open = open.filter((one) => one !== pair);
        if (!pair.dead) to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    leadTo(url) {
      target = new URL(url);
    },
    swallow() {
      for (const pair of open) pair.dead = true;
      return open.splice(0).length;
    },
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
