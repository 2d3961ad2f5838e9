import type { Clock } from '../base/ports.ts';
import type { Reply } from './answer.ts';
import type { Connection } from './connection.ts';
import type { Peer } from './peer.ts';

/** How long the rest of a refused body is read and dropped, so that the sender sees the answer instead of a reset. */
const lingerMs = 5_000;

/** Answers a request, and reads what is left of it. */
export function send(clock: Clock, reply: Reply, peer: Peer, connection: Connection): Promise<void> {
  peer.answer(reply);
  return finish(clock, peer, connection);
}

/** Ends an answer. It is complete, by its Content-Length; the rest of an incoming body is read and dropped for a while. */
export async function finish(clock: Clock, peer: Peer, connection: Connection): Promise<void> {
  const { body } = peer;
  const isAtEnd = body.readableEnded || (!body.destroyed && connection.isReadable() && (await drained(clock, peer, connection)));
  peer.end();
  if (!isAtEnd) peer.cutSoon();
}

/** Reads and drops the rest of a request; false when its end did not arrive. */
function drained(clock: Clock, { body }: Peer, connection: Connection): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const settle = () => {
    cancel();
    connection.setReading(null);
    resolve(body.complete);
  };
  const cancel = clock.at(clock.now() + lingerMs, settle);
  connection.setReading(() => {
    if (body.complete) return false;
    settle();
    return true;
  });
  body.once('end', settle);
  body.once('close', settle);
  body.resume();
  return promise;
}
