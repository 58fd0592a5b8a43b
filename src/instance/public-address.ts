import { BlockList, isIP } from 'node:net';

/*
 * Addresses that belong to nobody outside. Source: IANA special-purpose address registries (RFC 6890 and its updates); metadata services of
 * clouds: 169.254.169.254, fd00:ec2::254, 100.100.100.200 (all inside these ranges) and 168.63.129.16, which is not.
 */
const V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '168.63.129.16/32',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
] as const;
/** Within 2000::/3, which is all that is given out: protocol assignments with Teredo and ORCHID, documentation, 6to4, and the new documentation range. */
const V6_WITHIN = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'] as const;

const refused = new BlockList();
for (const range of V4) refused.addSubnet(...subnet(range), 'ipv4');
for (const range of V6_WITHIN) refused.addSubnet(...subnet(range), 'ipv6');
const given = new BlockList();
given.addSubnet('2000::', 3, 'ipv6');

function subnet(range: string): [string, number] {
  const [address = '', bits = ''] = range.split('/');
  return [address, Number(bits)];
}

/** Whether an IP address is one that anybody on the internet may have. Everything that is not an address is not. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !refused.check(address, 'ipv4');
  // IPv4-mapped, translated (64:ff9b::) and compatible addresses lie outside 2000::/3, and so do loopback, unique-local and link-local ones.
  if (family === 6) return !address.includes('%') && given.check(address, 'ipv6') && !refused.check(address, 'ipv6');
  return false;
}
