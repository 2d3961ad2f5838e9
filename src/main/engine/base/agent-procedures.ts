/**
 * The procedures that agents may call; all others are refused. None of them returns a secret in clear, and what they send goes no further
 * than the caller's reach.
 */
const forAgents: ReadonlySet<string> = new Set([
  'auths.get',
  'bins.create',
  'bins.get',
  'bins.list',
  'bins.update',
  'captures.decoded',
  'captures.get',
  'captures.list',
  'captures.replay',
  'checks.get',
  'checks.start',
  'comparing.compare',
  'deliveries.attempt',
  'deliveries.attemptNow',
  'deliveries.decoded',
  'deliveries.get',
  'deliveries.list',
  'deliveries.redeliver',
  'endpoints.get',
  'endpoints.list',
  'endpoints.test',
  'eventTypes.import',
  'messages.send',
  'preview.render',
  'profiles.get',
  'profiles.list',
  'system.health',
  'verifying.sign',
  'verifying.solve',
  'verifying.verify',
  'waits.wait',
]);

export function isForAgents(procedure: string): boolean {
  return forAgents.has(procedure);
}
