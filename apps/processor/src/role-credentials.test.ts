import { describe, expect, it, vi } from 'vitest';
import { createRoleCredentials } from './role-credentials.ts';

const old = { accessKeyId: 'old', secretAccessKey: 'secret' };
const fresh = { accessKeyId: 'new', secretAccessKey: 'secret' };

function create(read: () => Promise<typeof old>) {
  const endEnvironment = vi.fn();
  return { endEnvironment, credentials: createRoleCredentials(old, { read, nowMs: () => 0, endEnvironment }) };
}

describe('credentials that were refused', () => {
  it('are read again', async () => {
    const { credentials, endEnvironment } = create(async () => fresh);
    expect(credentials.current()).toBe(old);
    expect(await credentials.renew()).toBe(true);
    expect(credentials.current()).toBe(fresh);
    expect(endEnvironment).not.toHaveBeenCalled();
  });

  it.each([
    ['are the same', async () => ({ ...old })],
    ['cannot be read', () => Promise.reject(new Error('no metadata'))],
  ])('end the environment where they %s: the next one starts with new ones', async (_what, read) => {
    const { credentials, endEnvironment } = create(read);
    expect(await credentials.renew()).toBe(false);
    expect(await credentials.renew()).toBe(false);
    expect(endEnvironment).toHaveBeenCalledOnce();
  });
});
