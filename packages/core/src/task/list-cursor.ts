import type { EpochMs } from '../ids.ts';

/** A place in a list that runs from the newest to the oldest record. */
export interface ListPlace {
  readonly createdAt: EpochMs;
  readonly id: string;
}

/** The place as clients get it: opaque to them, base64url. */
export function encodeCursor({ createdAt, id }: ListPlace): string {
  return btoa(`${createdAt}:${id}`).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** The place again; null for what `encodeCursor` never gave. */
export function decodeCursor(cursor: string): ListPlace | null {
  const [, createdAt, id] = /^(\d{1,16}):([A-Za-z0-9_-]+)$/.exec(textOf(cursor)) ?? [];
  if (createdAt === undefined || id === undefined) return null;
  const place = { createdAt: Number(createdAt), id };
  return encodeCursor(place) === cursor ? place : null;
}

function textOf(cursor: string): string {
  try {
    return atob(cursor.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    return '';
  }
}
