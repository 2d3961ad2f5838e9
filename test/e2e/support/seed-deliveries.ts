import type { Api } from './shell.ts';

const endpointCount = 100;

/** Makes a log of this many deliveries (a multiple of 100), each ended: every message goes to a hundred endpoints where nobody listens. */
export async function seedDeliveries(api: Api, count: number): Promise<void> {
  const numbers = Array.from({ length: endpointCount }, (_, index) => index + 1);
  const made = await Promise.all(
    numbers.map((number) =>
      api.endpoints.create({
        name: `Branch ${number}`,
        url: `http://127.0.0.1:9/branches/${number}`,
        events: ['stock.counted'],
        retryPolicy: 'none',
      }),
    ),
  );
  const endpointIds = made.map(({ id }) => id);
  for (let sent = 0; sent < count; sent += endpointCount)
    await api.messages.send({ type: 'stock.counted', data: { run: sent }, endpointIds });
}
