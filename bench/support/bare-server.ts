import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The least a receiver can do: it reads the body and answers 200 with nothing. */
export async function startBareServer(): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    request.resume();
    request.on('end', () => response.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
