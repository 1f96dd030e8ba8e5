import { describe, expect, it } from 'vitest';
import { isLoopbackHost, isPrivateAddress } from './private-address.ts';

describe('isPrivateAddress', () => {
  it.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '169.254.169.254',
    '172.31.255.255',
    '192.168.0.1',
    '198.19.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    'fd00:ec2::254',
    'fe80::1',
    'ff02::1',
    'fec0::1',
    '100::1',
    '2001:db8::1',
    '::ffff:169.254.169.254',
    '::ffff:a00:1',
    '::10.0.0.1',
    '::2',
    '64:ff9b::10.0.0.1',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b:1::1.1.1.1',
    '2002:a9fe:a9fe::1',
    '2002:c0a8:1::',
    '2001:0:4136:e378:8000:63bf:3fff:fdd2',
  ])('%s is private', (address) => {
    expect(isPrivateAddress(address)).toBe(true);
  });

  it.each([
    '1.1.1.1',
    '172.32.0.1',
    '100.128.0.1',
    '223.255.255.255',
    '2606:4700::1111',
    '2001:4860:4860::8888',
    '::ffff:1.1.1.1',
    '64:ff9b::1.1.1.1',
    '64:ff9b::ac20:1',
    '2002:101:101::1',
  ])('%s is public', (address) => {
    expect(isPrivateAddress(address)).toBe(false);
  });
});

describe('isLoopbackHost', () => {
  it.each(['localhost', '127.0.0.1', '127.9.9.9', '[::1]'])('%s is this machine', (hostname) => {
    expect(isLoopbackHost(hostname)).toBe(true);
  });

  it.each(['localhost.example.com', '10.0.0.1', '[fe80::1]', 'example.com', '128.0.0.1', '[64:ff9b::7f00:1]'])(
    '%s is not',
    (hostname) => {
      expect(isLoopbackHost(hostname)).toBe(false);
    },
  );
});
