/** A word of a scope (RFC 6749, section 3.3), but for the comma, which separates them on the command line. */
const WORD = /^[\x21\x23-\x2b\x2d-\x5b\x5d-\x7e]{1,100}$/;

/** Reads scopes as the command line names them, `a,b`, each once; null for what is none. */
export function readScopes(text: string): readonly string[] | null {
  const words = text.split(',').map((word) => word.trim());
  return words.every((word) => WORD.test(word)) ? [...new Set(words)] : null;
}
