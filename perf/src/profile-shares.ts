/** What a V8 CPU profile says, by whose code it is. Pure. */

/** As the inspector gives it; what is used of it. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
  }[];
  /** Ids of nodes. */
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
}

export interface ProfileShare {
  readonly of: string;
  /** Of the time that the process was busy, 0 to 1. */
  readonly share: number;
}

const idle = '(idle)';

/** @returns the largest first; nothing for a process that did nothing */
export function profileShares({ nodes, samples, timeDeltas }: CpuProfile): readonly ProfileShare[] {
  const owners = new Map(nodes.map(({ id, callFrame }) => [id, ownerOf(callFrame.functionName, callFrame.url)]));
  const microseconds = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const owner = owners.get(id) ?? idle;
    if (owner !== idle) microseconds.set(owner, (microseconds.get(owner) ?? 0) + (timeDeltas[index] ?? 0));
  }
  const busy = [...microseconds.values()].reduce((sum, each) => sum + each, 0);
  return [...microseconds]
    .map(([of, spent]) => ({ of, share: spent / busy }))
    .sort((left, right) => right.share - left.share);
}

const builtins: readonly (readonly [pattern: RegExp, owner: string])[] = [
  [/_http|internal\/http|node:http/, 'node:http'],
  [/crypto/, 'node:crypto'],
  [/stream|node:net|internal\/net|tls/, 'node:net and streams'],
  [/timers|task_queues|process|async_hooks|event_target|abort|node:events/, 'timers, promises, events'],
];

function ownerOf(functionName: string, url: string): string {
  if (functionName === '(idle)') return idle;
  if (functionName === '(garbage collector)') return 'garbage collection';
  if (functionName === '(program)' || functionName === '(root)') return 'V8 and the kernel';
  // Functions of C++: nearly all of them are writes and reads of sockets
  if (url === '') return 'system calls and native code';
  if (url.startsWith('node:')) return builtins.find(([pattern]) => pattern.test(url))?.[1] ?? 'other of Node';
  const [, packageName] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
  return packageName ?? 'own code';
}
