/** A certificate authority for one test, and a certificate of 127.0.0.1 that it signed; made with openssl, valid for a day. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface LocalAuthority {
  /** PEM file for clients to trust. */
  readonly caFile: string;
  /** For the node. */
  readonly tls: { readonly cert: string; readonly key: string };
  [Symbol.dispose](): void;
}

export function newLocalAuthority(): LocalAuthority {
  const folder = mkdtempSync(join(tmpdir(), 'dax-ca-'));
  const file = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' });
  const newKey = ['-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  openssl(
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    file('ca.key'),
    '-out',
    file('ca.pem'),
    '-days',
    '1',
    '-subj',
    '/CN=local',
  );
  openssl('req', ...newKey, '-keyout', file('node.key'), '-out', file('node.csr'), '-subj', '/CN=dax');
  writeFileSync(file('names'), 'subjectAltName=IP:127.0.0.1\n');
  const signed = ['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-CAcreateserial', '-days', '1'];
  openssl('x509', '-req', '-in', file('node.csr'), ...signed, '-extfile', file('names'), '-out', file('node.pem'));
  return {
    caFile: file('ca.pem'),
    tls: { cert: readFileSync(file('node.pem'), 'utf8'), key: readFileSync(file('node.key'), 'utf8') },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}
