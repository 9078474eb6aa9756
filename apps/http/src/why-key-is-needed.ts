import { BlockList, isIP } from 'node:net';
import type { ServeSettings } from './settings.ts';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Why a server may not be started as long as nobody has a key; null when it may. */
export function whyKeyIsNeeded(
  settings: Pick<ServeSettings, 'host' | 'allowedHosts' | 'allowShell'>,
): string | null {
  const { host, allowedHosts, allowShell } = settings;
  if (!isLoopback(host)) return `--host ${host} lets other machines in`;
  if (allowShell) return '--allow shell lets clients run commands on this machine';
  const [name] = allowedHosts;
  return name === undefined ? null : `--allow-host ${name} lets others in through a proxy`;
}

function isLoopback(host: string): boolean {
  const family = isIP(host);
  if (family === 0) return host.toLowerCase() === 'localhost';
  return LOOPBACK.check(host, family === 4 ? 'ipv4' : 'ipv6');
}
