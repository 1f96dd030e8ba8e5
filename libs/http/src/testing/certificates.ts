/** For tests: an authority of our own and certificates from it, made with openssl. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export interface Authority {
  /** Who trusts it trusts what it has signed. */
  readonly ca: string;
  /** @param name as in `subjectAltName`: `IP:127.0.0.1`, `DNS:bank.example` @param kind of its key; default: of a curve */
  sign(name: string, days: number, kind?: 'ec' | 'rsa'): Certificate;
}

export function createAuthority(): Authority {
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const inFolder = <T>(work: (openssl: (...args: string[]) => void, folder: string) => T): T => {
    const folder = mkdtempSync(`${tmpdir()}/http-tls-`);
    const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
    try {
      return work(openssl, folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
  const root = inFolder((openssl, folder) => {
    openssl(
      'req',
      '-x509',
      ...curve,
      '-keyout',
      'key.pem',
      '-out',
      'cert.pem',
      '-days',
      '1',
      '-subj',
      '/C=DE/O=tests/CN=authority',
    );
    return { cert: readFileSync(`${folder}/cert.pem`, 'utf8'), key: readFileSync(`${folder}/key.pem`, 'utf8') };
  });
  return {
    ca: root.cert,
    sign: (name, days, kind = 'ec') =>
      inFolder((openssl, folder) => {
        writeFileSync(`${folder}/ca.pem`, root.cert);
        writeFileSync(`${folder}/ca-key.pem`, root.key);
        writeFileSync(`${folder}/names`, `subjectAltName=${name}\n`);
        const newKey = kind === 'ec' ? curve : ['-newkey', 'rsa:2048', '-nodes'];
        openssl('req', ...newKey, '-keyout', 'key.pem', '-out', 'request.pem', '-subj', '/CN=server');
        const signer = ['-CA', 'ca.pem', '-CAkey', 'ca-key.pem', '-CAcreateserial', '-extfile', 'names'];
        openssl('x509', '-req', '-in', 'request.pem', ...signer, '-days', String(days), '-out', 'cert.pem');
        return { cert: readFileSync(`${folder}/cert.pem`, 'utf8'), key: readFileSync(`${folder}/key.pem`, 'utf8') };
      }),
  };
}
