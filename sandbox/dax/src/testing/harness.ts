/** A node in front of a scripted backend, and a connection in plain bytes. */
import { type DaxNode, startDaxNode } from '../dax-node.ts';
import type { DaxNodeOptions } from '../options.ts';
import { connectRaw, PREAMBLE, type RawClient } from './raw-client.ts';
import { type BackendRequest, type Scripted, type ScriptedBackend, startScriptedBackend } from './scripted-backend.ts';

export interface Harness {
  readonly node: DaxNode;
  readonly backend: ScriptedBackend;
  /** Connected, preamble sent. */
  connect(): Promise<RawClient>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface HarnessOptions extends Partial<DaxNodeOptions> {
  readonly key?: readonly (readonly [name: string, type: 'S' | 'N' | 'B'])[];
}

/** @param script what the backend answers to everything but DescribeTable */
export async function startHarness(
  script: (request: BackendRequest) => Scripted | Promise<Scripted> = () => ({}),
  { key, ...options }: HarnessOptions = {},
): Promise<Harness> {
  const backend = await startScriptedBackend(script, key);
  const node = await startDaxNode({ endpoint: backend.endpoint, ...options });
  const clients: RawClient[] = [];
  return {
    node,
    backend,
    connect: async () => {
      const client = await connectRaw(node.port);
      clients.push(client);
      client.send(PREAMBLE);
      return client;
    },
    [Symbol.asyncDispose]: async () => {
      for (const client of clients) client.close();
      await node.close();
      await backend.close();
    },
  };
}
