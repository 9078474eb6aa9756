import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { AddressRefused } from './address-refused.ts';
import { isPublicAddress } from './public-address.ts';

/** Finds the addresses of a host, as `dns.lookup` does with `all`. */
export type Lookup = (
  host: string,
  options: LookupOptions & { readonly all: true },
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * Connects to public addresses alone. What is judged is the very address that the connection then goes to, so
 * that a name which changes its address meanwhile gains nothing; every redirect connects anew.
 */
export function publicConnector(find: Lookup = lookup): buildConnector.connector {
  const connect = buildConnector({ lookup: publicLookup(find) as LookupFunction });
  return (options, callback) => {
    const host = options.hostname.replace(/^\[(.*)\]$/, '$1');
    // An address is connected to without any lookup.
    if (isIP(host) === 0 || isPublicAddress(host)) connect(options, callback);
    else callback(new AddressRefused(host), null);
  };
}

type Found = (
  error: Error | null,
  address: string | readonly LookupAddress[],
  family?: number,
) => void;

function publicLookup(find: Lookup) {
  return (host: string, options: LookupOptions, found: Found) => {
    find(host, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return found(error, []);
      const allowed = addresses.filter(({ address }) => isPublicAddress(address));
      const [first] = allowed;
      if (first === undefined) return found(new AddressRefused(host), []);
      return options.all === true ? found(null, allowed) : found(null, first.address, first.family);
    });
  };
}
