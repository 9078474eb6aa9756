/** Resolves as soon as `promise` settles in any way (true), or when `ms` milliseconds are over (false). */
export async function settlesWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeIsUp = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  const settled = promise.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([settled, timeIsUp]);
  } finally {
    clearTimeout(timer);
  }
}
