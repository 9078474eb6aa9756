import {
  hostHeaderValidationResponse,
  localhostAllowedHostnames,
  originValidationResponse,
} from '@modelcontextprotocol/server';

/**
 * The answer (403) to a request that was made by a web page of somebody else: one whose `Host` or `Origin` is
 * neither this machine nor one of `hosts`; null for every other request. Without this check any page could reach a
 * server on loopback once its name leads there (DNS rebinding). Ports do not count; programs that are no
 * browsers send no `Origin`. `hosts` are names without ports, IPv6 addresses in brackets.
 */
export function refuseForeign(request: Request, hosts: readonly string[] = []): Response | null {
  const allowed = [...localhostAllowedHostnames(), ...hosts.map((host) => host.toLowerCase())];
  return (
    hostHeaderValidationResponse(request, allowed) ??
    originValidationResponse(request, allowed) ??
    null
  );
}
