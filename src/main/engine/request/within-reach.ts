import type { Reach } from '../base/admission.ts';
import { Refusal } from '../base/refusal.ts';
import type { EndpointConfig } from '../endpoints/config.ts';
import { addressBeyondLoopback } from '../http/loopback.ts';
import type { Variables } from '../templates/variables.ts';
import { resolveTarget } from './resolve-target.ts';

/**
 * Refuses targets that lead beyond the caller's reach, so that it learns so at once. What decides is the connection itself, which is held
 * to it whatever a name resolves to by then. Rejects with a Refusal.
 */
export async function assertWithinReach(reach: Reach, targets: readonly EndpointConfig[], variables: Variables): Promise<void> {
  if (reach === 'anywhere') return;
  for (const target of targets) {
    const address = await addressBeyondLoopback(urlOf(target, variables));
    if (address === null) continue;
    const message = `${target.name} leads to ${address}, and agents may send to loopback addresses of this machine only: choose a local target, or ask the user to send it or to start Hookyard with --agent-targets any.`;
    throw new Refusal('INPUT_INVALID', message, { issues: [{ path: 'url', message }] });
  }
}

/** The URL with its variables; as it is written where one is missing, which the sending itself will say. */
function urlOf(target: EndpointConfig, variables: Variables): string {
  try {
    return resolveTarget(target, variables).url;
  } catch (error) {
    if (error instanceof Refusal) return target.url;
    throw error;
  }
}
