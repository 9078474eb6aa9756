import { createHash } from 'node:crypto';

/** The first number of an advisory lock, which tells its purpose and schema. Not negative. */
export function lockClass(purpose: string, schema: string): number {
  const digest = createHash('sha256').update(`tasked ${purpose} ${schema}`).digest();
  return digest.readUInt32BE(0) >>> 1;
}
