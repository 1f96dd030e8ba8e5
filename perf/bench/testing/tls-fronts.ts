/** TLS in front of the table and the provider, as AWS and providers have it: the stand-ins speak plain HTTP. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { type Certificate, createAuthority } from '@quartersec/http/testing';
import type { BenchSystem } from './bench-system.ts';

export interface TlsFronts {
  /** For the function: where its fronts are, and whom it trusts. */
  readonly environment: Readonly<Record<string, string>>;
  leadTo(system: BenchSystem): void;
  close(): Promise<void>;
}

interface Front {
  readonly url: string;
  leadTo(url: string): void;
  close(): Promise<void>;
}

/** @throws {Error} where there is no openssl to make certificates with */
export async function startTlsFronts(): Promise<TlsFronts> {
  const authority = createAuthority();
  const certificate = authority.sign('IP:127.0.0.1', 1);
  const folder = mkdtempSync(join(tmpdir(), 'bench-tls-'));
  const authorityFile = join(folder, 'authority.pem');
  writeFileSync(authorityFile, authority.ca);
  const [table, provider] = await Promise.all([startFront(certificate), startFront(certificate)]);
  return {
    environment: {
      DYNAMODB_ENDPOINT: table.url,
      PLAID_BASE_URL: provider.url,
      NODE_EXTRA_CA_CERTS: authorityFile,
    },
    leadTo(system) {
      table.leadTo(system.dynamoDbUrl);
      provider.leadTo(system.providerAccess.baseUrl);
    },
    async close() {
      await Promise.all([table.close(), provider.close()]);
      rmSync(folder, { recursive: true });
    },
  };
}

async function startFront(certificate: Certificate): Promise<Front> {
  let target: URL | undefined;
  const sockets = new Set<Socket>();
  const server = createServer({ ...certificate, noDelay: true }, (near) => {
    const far = connect({ host: target?.hostname ?? '127.0.0.1', port: Number(target?.port), noDelay: true });
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    leadTo(url) {
      target = new URL(url);
    },
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
