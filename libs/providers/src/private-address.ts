/** Addresses that no public provider answers from. Pure. */
import { BlockList } from 'node:net';

/** IANA special-purpose registries (RFC 6890 and its updates), without those that are globally reachable. */
const privateSubnets = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'], // link-local: the cloud's metadata service is 169.254.169.254
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'], // multicast, reserved, broadcast
  ['::', 127, 'ipv6'], // unspecified and loopback
  ['fc00::', 7, 'ipv6'], // unique local; the cloud's metadata service is fd00:ec2::254
  ['fe80::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
] as const;

const loopbackSubnets = [
  ['127.0.0.0', 8, 'ipv4'],
  ['::1', 128, 'ipv6'],
] as const;

type Subnets = typeof privateSubnets | typeof loopbackSubnets;

/**
 * Lists are made when first asked for, and those of IPv4 apart: Node compiles a pattern for IPv6 that costs 10 ms, which a
 * cold start need not pay for a provider that answers over IPv4.
 */
function createLookUp(subnets: Subnets): (address: string) => boolean {
  const lists: { ipv4?: BlockList; ipv6?: BlockList } = {};
  return (address) => {
    const family = address.includes(':') ? 'ipv6' : 'ipv4';
    // An IPv6 address may hold an IPv4 one, so its list has both
    lists[family] ??= listOf(subnets.filter((subnet) => family === 'ipv6' || subnet[2] === family));
    return lists[family].check(address, family);
  };
}

function listOf(subnets: readonly Subnets[number][]): BlockList {
  const list = new BlockList();
  for (const [network, prefixBits, family] of subnets) list.addSubnet(network, prefixBits, family);
  return list;
}

const isInPrivateSubnet = createLookUp(privateSubnets);
const isInLoopbackSubnet = createLookUp(loopbackSubnets);

/** @param address an IP address without brackets; IPv4 mapped into IPv6 is seen through */
export function isPrivateAddress(address: string): boolean {
  return isInPrivateSubnet(address);
}

/** @param hostname of a URL: a name, an IPv4 address, or an IPv6 address in brackets */
export function isLoopbackHost(hostname: string): boolean {
  const address = hostname.replace(/^\[|\]$/g, '');
  return address === 'localhost' || isInLoopbackSubnet(address);
}
