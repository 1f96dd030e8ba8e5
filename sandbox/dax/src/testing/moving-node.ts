/**
 * A node that is replaced by another while clients use it, as a cluster's is when it restarts. Clients connect to one address
 * throughout: nothing depends on how soon a port can be listened on again.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { type DaxNode, startDaxNode } from '../dax-node.ts';

export interface MovingNode {
  readonly url: string;
  /** The node that serves now. */
  readonly current: DaxNode;
  /** Cuts every connection; a client that reconnects reaches the next node, which has only what the first had stored. */
  restart(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function startMovingNode(endpoint: string): Promise<MovingNode> {
  const stateDirectory = mkdtempSync(`${tmpdir()}/dax-moving-`);
  const sockets = new Set<Socket>();
  let serving = 0;
  const nodes: DaxNode[] = [];
  const door = createServer((client) => {
    const node = connect((nodes[serving] as DaxNode).port, '127.0.0.1');
    for (const [from, to] of [
      [client, node],
      [node, client],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on('error', () => from.destroy()); // a cut connection is what this is for
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  const advertise = `127.0.0.1:${(door.address() as AddressInfo).port}`;
  // The second reads what the first has written down by then.
  nodes.push(await startDaxNode({ endpoint, stateDirectory, advertise }));
  return {
    url: `dax://${advertise}`,
    get current() {
      return nodes[serving] as DaxNode;
    },
    async restart() {
      nodes.push(await startDaxNode({ endpoint, stateDirectory, advertise }));
      serving += 1;
      for (const socket of sockets) socket.destroy();
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => door.close(() => resolve()));
      for (const node of nodes) await node.close();
      rmSync(stateDirectory, { recursive: true });
    },
  };
}
