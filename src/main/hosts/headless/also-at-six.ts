import type { Server as HttpServer } from 'node:http';
import { createServer } from 'node:net';
import type { Log } from '#engine/index.ts';
import { codeOf } from '#hosts/shared/data-dir.ts';

/**
 * Takes the port of a server at ::1, too, where browsers look for `localhost` first. Another program that listened there would be our page's
 * origin, and could pass on all that page and host say to each other. Where that is not possible, the server goes on without it. Gives the
 * function that closes it, which settles when its last connection has ended.
 */
export async function listenAlsoAtSix(server: HttpServer, port: number, log: Pick<Log, 'warn'>): Promise<() => Promise<void>> {
  // As the server of HTTP has its own; each connection is one of that server from here on.
  const door = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => server.emit('connection', socket));
  const problem = await new Promise<Error | null>((resolve) => {
    door.once('error', resolve).listen({ host: '::1', port }, () => resolve(null));
  });
  if (problem === null)
    return () =>
      new Promise((resolve) => {
        door.close(() => resolve());
      });
  // Without IPv6 nobody else can be there either.
  if (codeOf(problem) === 'EADDRINUSE')
    log.warn(
      { port },
      `Another program listens at [::1]:${port}, where browsers look for localhost first: open http://127.0.0.1:${port}, not http://localhost:${port}.`,
    );
  return () => Promise.resolve();
}
