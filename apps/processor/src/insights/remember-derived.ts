/** What an environment has derived last: that of a version never changes, so an unchanged connection costs no second reading. */
import type { Deadline } from '@quartersec/sla';
import type { Head } from '@quartersec/storage';
import type { Derived } from './derived.ts';

/** Some tens of kilobytes each. */
const mostConnections = 500;

type Read = (head: Head, deadline: Deadline) => Promise<Derived>;

export function rememberDerived(read: Read): Read {
  const known = new Map<string, Derived>();
  return async (head, deadline) => {
    const { connectionId, version, hash } = head;
    const kept = known.get(connectionId);
    const derived = kept?.version === version && kept.hash === hash ? kept : await read(head, deadline);
    known.delete(connectionId);
    known.set(connectionId, derived); // asked for last
    const [oldest] = known.keys();
    if (known.size > mostConnections && oldest !== undefined) known.delete(oldest);
    return derived;
  };
}
