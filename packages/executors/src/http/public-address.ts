import ipaddr from 'ipaddr.js';

/** Azure answers requests of its own machines there, as others do on link-local addresses. */
const METADATA = new Set(['168.63.129.16']);

/** All that is given out to the public in version 6; what translates to version 4 is among the special ranges. */
const GLOBAL_6 = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * True for an address of the public internet. Loopback, private, link-local, shared (100.64.0.0/10), multicast,
 * reserved and translated addresses, and those where clouds keep credentials, are not.
 */
export function isPublicAddress(address: string): boolean {
  const [bare = ''] = address.split('%');
  if (!ipaddr.isValid(bare)) return false;
  const parsed = ipaddr.process(bare);
  if (parsed.range() !== 'unicast' || METADATA.has(parsed.toString())) return false;
  return parsed instanceof ipaddr.IPv4 || parsed.match(GLOBAL_6);
}
