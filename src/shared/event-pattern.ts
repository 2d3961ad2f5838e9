/** Whether an event name matches a subscription: a name, a prefix pattern such as `invoice.*`, or `*`. */
export function matchesEvent(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) => {
    if (pattern === '*' || pattern === name) return true;
    return pattern.endsWith('.*') && name.startsWith(pattern.slice(0, -1));
  });
}
