import { describe, expect, it } from 'vitest';
import { idOf, isSecretOf, newSecret } from './secret.ts';

describe('a key', () => {
  it('is known by its hash alone, and names its id', () => {
    const { id, secret, hash } = newSecret();
    expect(idOf(secret)).toBe(id);
    expect(isSecretOf(secret, hash)).toBe(true);
    expect(isSecretOf(newSecret().secret, hash)).toBe(false);
    expect(isSecretOf(secret, hash.slice(0, 32))).toBe(false);
    expect(hash).not.toContain(secret.slice(-43));
  });

  it.each(['', 'tasked_', '../../etc/passwd', `tasked_../../../etc/xyz_${'A'.repeat(43)}`])(
    'is not %j',
    (text) => expect(idOf(text)).toBe(null),
  );

  it('has 256 random bits of its own', () => {
    const secrets = new Set(Array.from({ length: 1_000 }, () => newSecret().secret.slice(-43)));
    expect(secrets.size).toBe(1_000);
    for (const secret of secrets) expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
  });
});
