import { resourcePrefixes } from '#shared/agents/tools.ts';
import type { AgentResource } from '#shared/contract/agents.ts';
import { invalid } from '../base/refusal.ts';
import type { ToolAnswer } from './answer.ts';
import type { ToolContext } from './tool-context.ts';
import { looking } from './tools/looking.ts';
import { mostBodyCharacters } from '#shared/agents/fields.ts';

/** How many of each kind are listed. */
const listedResources = 20;

/** What a resource says: what the tool that reads it says, with more of its body. */
export async function readResource(context: ToolContext, uri: string): Promise<ToolAnswer> {
  const window = { body_offset: 0, body_limit: mostBodyCharacters };
  const captureId = idIn(uri, resourcePrefixes.captures);
  if (captureId !== null) return await looking.get_capture(context, { capture_id: captureId, ...window });
  const deliveryId = idIn(uri, resourcePrefixes.deliveries);
  if (deliveryId !== null) return await looking.get_delivery(context, { delivery_id: deliveryId, body: 'answer', ...window });
  throw invalid('uri', `There is no such resource: use ${resourcePrefixes.captures}ID or ${resourcePrefixes.deliveries}ID.`);
}

/** The newest captures and deliveries. What is told of them here stands in no fence, so it has nothing that a stranger chose. */
export async function listResources({ client }: Pick<ToolContext, 'client'>): Promise<AgentResource[]> {
  const [captures, deliveries] = await Promise.all([
    client.captures.list({ limit: listedResources }),
    client.deliveries.list({ limit: listedResources }),
  ]);
  return [
    ...captures.items.map(({ id, verdict, bodyBytes, receivedAtMs }) => ({
      uri: `${resourcePrefixes.captures}${id}`,
      name: `Capture ${id}`,
      description: `Captured ${new Date(receivedAtMs).toISOString()}, ${bodyBytes} bytes, verdict ${verdict ?? 'none'}`,
    })),
    ...deliveries.items.map(({ id, status, attemptCount, createdAtMs }) => ({
      uri: `${resourcePrefixes.deliveries}${id}`,
      name: `Delivery ${id}`,
      description: `Made ${new Date(createdAtMs).toISOString()}, ${status}, ${attemptCount} attempts`,
    })),
  ];
}

function idIn(uri: string, prefix: string): string | null {
  return uri.startsWith(prefix) && uri.length > prefix.length ? uri.slice(prefix.length) : null;
}
