const NOBODY = 65_534;

/** Nothing is forbidden to root, so for that time it becomes somebody else. */
export async function withoutRights(work: () => Promise<void>): Promise<void> {
  const isRoot = process.getuid?.() === 0;
  if (isRoot) process.seteuid?.(NOBODY);
  try {
    await work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}
