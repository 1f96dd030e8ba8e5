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
  ['::', 96, 'ipv6'], // unspecified, loopback, and IPv4-compatible addresses, which nobody uses any more (RFC 4291)
  ['64:ff9b:1::', 48, 'ipv6'], // translation to IPv4 within one network (RFC 8215)
  ['100::', 64, 'ipv6'], // discarded
  ['2001::', 32, 'ipv6'], // Teredo: hides an IPv4 address
  ['2001:db8::', 32, 'ipv6'], // documentation
  ['fc00::', 7, 'ipv6'], // unique local; the cloud's metadata service is fd00:ec2::254
  ['fe80::', 10, 'ipv6'],
  ['fec0::', 10, 'ipv6'], // site-local, the forerunner of unique local
  ['ff00::', 8, 'ipv6'],
] as const;

/**
 * Where an IPv6 address carries an IPv4 one that a gateway delivers to: NAT64 (RFC 6052, what a VPC's DNS64 answers with) and 6to4
 * (RFC 3056). Refused when the IPv4 address is private. Mapped ones (`::ffff:0:0/96`) `BlockList` sees through by itself.
 */
const embeddings = [
  { bits: 96, of: (high: string, low: string) => `64:ff9b::${high}:${low}` },
  { bits: 16, of: (high: string, low: string) => `2002:${high}:${low}::` },
] as const;

const loopbackSubnets = [
  ['127.0.0.0', 8, 'ipv4'],
  ['::1', 128, 'ipv6'],
] as const;

type Subnets = readonly (readonly [network: string, prefixBits: number, family: 'ipv4' | 'ipv6'])[];

/**
 * Lists are made when first asked for, and those of IPv4 apart: Node compiles a pattern for IPv6 that costs 10 ms, which a
 * cold start need not pay for a provider that answers over IPv4.
 */
function createLookUp(subnets: () => Subnets): (address: string) => boolean {
  const lists: { ipv4?: BlockList; ipv6?: BlockList } = {};
  return (address) => {
    const family = address.includes(':') ? 'ipv6' : 'ipv4';
    // An IPv6 address may hold an IPv4 one, so its list has both
    lists[family] ??= listOf(subnets().filter((subnet) => family === 'ipv6' || subnet[2] === family));
    return lists[family].check(address, family);
  };
}

function listOf(subnets: Subnets): BlockList {
  const list = new BlockList();
  for (const [network, prefixBits, family] of subnets) list.addSubnet(network, prefixBits, family);
  return list;
}

/** Each private IPv4 network as it lies in each embedding. */
function* embeddedSubnets(): Generator<readonly [string, number, 'ipv6']> {
  for (const [network, prefixBits, family] of privateSubnets) {
    if (family === 'ipv6') continue;
    const [a = 0, b = 0, c = 0, d = 0] = network.split('.').map(Number);
    const high = ((a << 8) | b).toString(16);
    const low = ((c << 8) | d).toString(16);
    for (const { bits, of } of embeddings) yield [of(high, low), bits + prefixBits, 'ipv6'];
  }
}

const isInPrivateSubnet = createLookUp(() => [...privateSubnets, ...embeddedSubnets()]);
const isInLoopbackSubnet = createLookUp(() => loopbackSubnets);

/** @param address an IP address without brackets; IPv4 carried within IPv6 is seen through */
export function isPrivateAddress(address: string): boolean {
  return isInPrivateSubnet(address);
}

/** @param hostname of a URL: a name, an IPv4 address, or an IPv6 address in brackets */
export function isLoopbackHost(hostname: string): boolean {
  const address = hostname.replace(/^\[|\]$/g, '');
  return address === 'localhost' || isInLoopbackSubnet(address);
}
