import { bearerOf } from '../authentication/by-key.ts';

/**
 * The answer to who may not come in. It is the same for keys that are unknown, expired and revoked; only that
 * there was none at all is told (RFC 6750, section 3.1).
 */
export function unauthorized(request: Request): Response {
  const sent = bearerOf(request) !== null;
  const challenge = sent ? 'Bearer realm="tasked", error="invalid_token"' : 'Bearer realm="tasked"';
  const message = sent
    ? 'this API key opens nothing here'
    : 'an API key is needed: send "Authorization: Bearer <key>"';
  return Response.json(
    { jsonrpc: '2.0', error: { code: -32_000, message }, id: null },
    { status: 401, headers: { 'www-authenticate': challenge } },
  );
}
