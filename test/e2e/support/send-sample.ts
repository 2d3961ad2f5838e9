import type { Api } from './shell.ts';

/** Sends the sample of an event type to one endpoint as a real event: retried, counted, and with all that follows from how it ends. */
export async function sendSample(api: Api, endpointId: string, type = 'invoice.paid') {
  const { items } = await api.eventTypes.list({ q: type, limit: 200 });
  return await api.messages.send({ type, data: items.find(({ name }) => name === type)?.sample ?? {}, endpointIds: [endpointId] });
}
