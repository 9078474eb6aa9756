/** How long a core works for a call, in milliseconds: the same whatever else the machine has to do. */
export function cpuMsOf(call: () => void): number {
  const before = process.cpuUsage();
  call();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
