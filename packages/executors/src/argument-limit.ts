/** Linux starts no program with an argument or a variable (`NAME=value`) longer than this, in bytes. */
export const ARGUMENT_LIMIT_BYTES = 128 * 1024 - 1;

/** True when `text` is longer than one argument or one variable with its name may be. */
export function exceedsArgumentLimit(text: string): boolean {
  return Buffer.byteLength(text) > ARGUMENT_LIMIT_BYTES;
}
