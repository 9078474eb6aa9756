import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { userCacheDirectory } from './user-cache-directory.ts';

/**
 * Keeps compiled code for the next start, in a directory of the user's own: Node's default is shared by all users of the
 * machine, and who gets there first could put in what others then run. `NODE_COMPILE_CACHE` and
 * `NODE_DISABLE_COMPILE_CACHE` are honoured. Where nothing can be kept, every start compiles.
 */
export function cacheCompiledCode(): void {
  const directory = userCacheDirectory(process.platform, process.env);
  if (directory !== null) enableCompileCache(join(directory, 'tasked'));
}
