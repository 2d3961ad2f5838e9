import { once } from 'node:events';
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A request as a proxy got it. */
export interface Relayed {
  readonly incoming: IncomingMessage;
  readonly body: Buffer;
}

/** What a proxy makes of a request: its head, with names and values in turn and without Content-Length, and its body. */
export type Alter = (relayed: Relayed) => { readonly headers: readonly string[]; readonly body: Buffer };

/** A proxy that passes each request on over a connection of its own, with what `alter` makes of it. */
export async function openChangingProxy(to: () => string, alter: Alter): Promise<{ readonly url: string; readonly close: () => void }> {
  const passOn = async (incoming: IncomingMessage, response: ServerResponse) => {
    const { headers, body } = alter({ incoming, body: await buffer(incoming) });
    const onward = ask(to(), { method: 'POST', agent: false, headers: [...headers, 'Content-Length', String(body.length)] });
    onward.on('error', (error) => response.writeHead(502).end(error.message));
    onward.on('response', (answer) => {
      answer.resume();
      response.writeHead(answer.statusCode ?? 0).end();
    });
    onward.end(body);
  };
  const server = createServer((incoming, response) => void passOn(incoming, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The raw headers of a request without some. */
export function headersWithout({ incoming }: Relayed, ...dropped: readonly string[]): string[] {
  const { rawHeaders } = incoming;
  return rawHeaders.flatMap((name, index) => {
    const isName = index % 2 === 0;
    return isName && ![...dropped, 'content-length'].includes(name.toLowerCase()) ? [name, rawHeaders[index + 1] ?? ''] : [];
  });
}

/** As a proxy does that reads JSON and writes it again. */
export const reindent: Alter = (relayed) => ({
  headers: [...headersWithout(relayed, 'connection'), 'Via', '1.1 reindenting'],
  body: Buffer.from(JSON.stringify(JSON.parse(relayed.body.toString()), null, 2)),
});
