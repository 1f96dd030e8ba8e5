/** Encrypted, with an authority of this machine. Python and Java clients are in their interop tests. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect } from 'node:tls';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { startHarness } from './testing/harness.ts';
import { newLocalAuthority } from './testing/local-authority.ts';
import { PREAMBLE } from './testing/raw-client.ts';
import { request } from './testing/requests.ts';

const execute = promisify(execFile);

/** A program of its own: Node reads authorities to trust when it starts. */
const readOnce = (url: string) => `
  import { Dax } from '@amazon-dax-sdk/client-dax';
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const dax = new Dax({ endpoint: '${url}', region: 'us-east-1', credentials });
  const { Item } = await dax.getItem({ TableName: 'table', Key: { pk: { S: 'a' } } });
  console.log(JSON.stringify(Item));
  process.exit(0);`;

describe('TLS', () => {
  it('carries the same bytes', async () => {
    using authority = newLocalAuthority();
    await using harness = await startHarness(() => ({}), { tls: authority.tls });
    const { node } = harness;
    expect(node.url).toBe(`daxs://127.0.0.1:${node.port}`);
    const socket = connect({ port: node.port, host: '127.0.0.1', ca: readFileSync(authority.caFile) });
    socket.write(Buffer.concat([PREAMBLE, request('defineAttributeList', '01')]));
    const answer = await new Promise<Buffer>((resolve, reject) => {
      socket.once('data', resolve);
      socket.once('error', reject);
    });
    expect(answer.toString('hex')).toBe('8080');
    socket.destroy();
  });

  it("serves AWS's JavaScript client, which trusts the authority by NODE_EXTRA_CA_CERTS", async () => {
    using authority = newLocalAuthority();
    await using harness = await startHarness(() => ({ Item: { pk: { S: 'a' } } }), { tls: authority.tls });
    const { stdout } = await execute(process.execPath, ['--input-type=module', '-e', readOnce(harness.node.url)], {
      cwd: import.meta.dirname,
      env: { ...process.env, NODE_EXTRA_CA_CERTS: authority.caFile },
    });
    expect(JSON.parse(stdout)).toEqual({ pk: { S: 'a' } });
  });
});
