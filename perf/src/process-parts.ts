/** Which part of the run a process is, told by whose child it is and what it was started with. Pure. */

export type Part = 'k6' | 'host' | 'environments' | 'provider' | 'table' | 'dax' | 'reference' | 'harness' | 'other';

export interface ProcessSeen {
  readonly pid: number;
  readonly parentPid: number;
  /** Arguments, separated by spaces. */
  readonly command: string;
}

/** Words of a command line; the first that occurs decides. */
const words: readonly (readonly [word: string, part: Part])[] = [
  ['driven-service', 'host'],
  ['providers-service', 'provider'],
  ['dynalite-service', 'table'],
  ['table-proxy', 'table'],
  ['dax-service', 'dax'],
  ['reference-loop', 'reference'],
];

/**
 * @param rootPid the harness: only it and what descends from it is named
 * @returns pid to part
 */
export function partsOf(processes: readonly ProcessSeen[], rootPid: number): ReadonlyMap<number, Part> {
  const children = Map.groupBy(processes, ({ parentPid }) => parentPid);
  const parts = new Map<number, Part>([[rootPid, 'harness']]);
  const visit = (pid: number, inherited: Part) => {
    for (const child of children.get(pid) ?? []) {
      const part = partOf(child.command, inherited);
      parts.set(child.pid, part);
      visit(child.pid, part);
    }
  };
  visit(rootPid, 'harness');
  return parts;
}

function partOf(command: string, parent: Part): Part {
  if (/(?:^|\/)k6 run /.test(command)) return 'k6';
  const [, part] = words.find(([word]) => command.includes(word)) ?? [];
  if (part !== undefined) return part;
  // Whatever else the host starts runs a function: Node's runtime, or any binary that speaks the Runtime API.
  if (parent === 'host' || parent === 'environments') return 'environments';
  return 'other';
}
