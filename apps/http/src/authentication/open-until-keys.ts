import { ALL_SCOPES } from '@tasked/server';
import type { KeyStore } from '../keys/key-store.ts';
import type { Authenticate } from './authenticate.ts';

/**
 * Lets everybody in, as nobody in particular who may do everything, as long as there has never been a key; from the first one on asks
 * `byKey`, also when all of them are gone again.
 */
export function openUntilKeys(keys: Pick<KeyStore, 'list'>, byKey: Authenticate): Authenticate {
  let closed = false;
  return async (request) => {
    closed ||= (await keys.list()).length > 0;
    return closed ? await byKey(request) : { principal: null, scopes: ALL_SCOPES };
  };
}
