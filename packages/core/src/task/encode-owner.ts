import type { Owner } from '../ids.ts';

/** Whom records belong to: somebody, within a tenant where an installation serves several. */
export interface Principal {
  /** Who was authenticated; null for nobody. */
  readonly principal: string | null;
  /** Omitted, or null: none. */
  readonly tenant?: string | null;
}

/**
 * The owner that stands for a principal and a tenant: the JSON text of `[principal, tenant]`, and the empty string
 * for neither. Two pairs never have one owner, whatever is in them, and every database can keep it.
 */
export function encodeOwner({ principal, tenant = null }: Principal): Owner {
  return principal === null && tenant === null ? '' : JSON.stringify([principal, tenant]);
}
