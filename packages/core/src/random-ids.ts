import type { IdSource } from './ports/id-source.ts';

/** Ids of 128 random bits each, base64url, from the platform's cryptographic source. */
export const randomIds: IdSource = {
  flowId: () => `f_${random128()}`,
  runnerId: () => `r_${random128()}`,
};

function random128(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}
