import { type Check, ok, warn } from './check.ts';

/** File systems on which locks and shared memory do not hold between processes, by their magic number. */
const UNRELIABLE: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
  [0x01021997, '9p, as Windows folders are inside WSL'],
  [0x65735546, 'FUSE, as sshfs and cloud folders are'],
]);

/** Whether processes can tell by their locks that others are alive. `type` is what `statfs` says (Linux). */
export function locksCheck(type: number, platform: NodeJS.Platform = process.platform): Check {
  const unreliable = platform === 'linux' ? UNRELIABLE.get(type) : undefined;
  if (unreliable === undefined) return ok('locks', 'on a local disk');
  return warn(
    'locks',
    `on a disk (${unreliable}) that may not keep locks and shared memory`,
    'move the data directory to a local disk: --data-dir DIR',
  );
}
