import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { FlowSpec } from './flow-spec.ts';

/**
 * Tells whether two submits say the same: SHA-256 (hex) of the canonical JSON (RFC 8785) of what was
 * submitted, its defaults filled in, without the idempotency key. The order of fields does not count,
 * that of tasks does; neither do the queue's defaults and what executors pin, which may change meanwhile.
 */
export function specHash({ idempotency_key: _, validate_only: __, ...said }: FlowSpec): string {
  return createHash('sha256')
    .update(canonicalize(said) ?? '')
    .digest('hex');
}
