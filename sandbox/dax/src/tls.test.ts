import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { connect } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { startDaxNode } from './dax-node.ts';
import { PREAMBLE } from './testing/raw-client.ts';
import { request } from './testing/requests.ts';

function selfSigned(): { cert: string; key: string } {
  const folder = mkdtempSync(`${tmpdir()}/dax-tls-`);
  const files = ['-keyout', `${folder}/key.pem`, '-out', `${folder}/cert.pem`];
  const about = ['-days', '1', '-subj', '/CN=dax', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  execFileSync('openssl', ['req', '-x509', '-nodes', ...curve, ...files, ...about], { stdio: 'pipe' });
  const pem = { cert: readFileSync(`${folder}/cert.pem`, 'utf8'), key: readFileSync(`${folder}/key.pem`, 'utf8') };
  rmSync(folder, { recursive: true });
  return pem;
}

describe('TLS', () => {
  it('carries the same bytes', async () => {
    const tls = selfSigned();
    const node = await startDaxNode({ endpoint: 'http://127.0.0.1:1', tls });
    expect(node.url).toBe(`daxs://127.0.0.1:${node.port}`);
    const socket = connect({ port: node.port, host: '127.0.0.1', ca: tls.cert });
    socket.write(Buffer.concat([PREAMBLE, request('defineAttributeList', '01')]));
    const answer = await new Promise<Buffer>((resolve, reject) => {
      socket.once('data', resolve);
      socket.once('error', reject);
    });
    expect(answer.toString('hex')).toBe('8080');
    socket.destroy();
    await node.close();
  });
});
