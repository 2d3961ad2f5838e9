/** What an act costs of the processor, which other programs on the machine do not change as they do the time by the clock. */
export function cpuMsOf(act: () => unknown): number {
  const before = process.cpuUsage();
  act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
