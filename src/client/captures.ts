import { requestMatch, present } from './conditions.ts';
import type { Connection } from './connection.ts';
import { findBin } from './bins.ts';
import { HookyardError } from './errors.ts';
import { idIn } from './options.ts';
import type { Capture, CapturesWait, HeaderField } from './types.ts';
import { wait } from './waits.ts';

/** Where a wait begins to count: behind a capture, or at a time. */
export type From = { readonly afterId: string } | { readonly sinceMs: number };

/** Where a bin is now: behind its newest capture. */
export async function positionOf({ call }: Connection, binId: string): Promise<From> {
  const { items } = await call<{ readonly items: readonly { readonly id: string }[] }>('GET', `/captures?binId=${binId}&limit=1`);
  const newest = items[0];
  return newest === undefined ? { sinceMs: 0 } : { afterId: newest.id };
}

/** The captures that match, oldest first, counted from a position where the wait gives no time itself. */
export async function waitForCaptures(
  connection: Connection,
  { bin, body, ignore, count, atMost, oncePerId, inOrder, withinMs, sinceMs, ...match }: CapturesWait,
  from?: From,
): Promise<Capture[]> {
  const asked = present({
    for: 'captures',
    binId: bin === undefined ? undefined : typeof bin === 'string' ? await idOf(connection, bin) : idIn(bin, 'bin'),
    match: requestMatch(match) ?? undefined,
    body: body === undefined ? undefined : JSON.stringify(body),
    ignore,
    inOrder: inOrder?.map((step) => requestMatch(step) ?? {}),
    count,
    atMost,
    oncePerId,
  });
  const since = sinceMs === undefined ? from : { sinceMs };
  const { matched } = await wait<{ readonly id: string }>(connection, { ...asked, ...since }, withinMs);
  return await Promise.all(matched.map(({ id }) => readCapture(connection, id)));
}

async function idOf(connection: Connection, bin: string): Promise<string> {
  const found = await findBin(connection, bin);
  if (found === undefined) throw new HookyardError(`There is no bin "${bin}": bin("${bin}") makes one.`);
  return found.id;
}

type CaptureAnswer = Omit<Capture, 'body' | 'header' | 'text' | 'json'> & { readonly bodyBase64: string };

async function readCapture({ call }: Connection, captureId: string): Promise<Capture> {
  const { bodyBase64, ...capture } = await call<CaptureAnswer>('GET', `/captures/${captureId}`);
  const body = new Uint8Array(Buffer.from(bodyBase64, 'base64'));
  const text = () => new TextDecoder().decode(body);
  return {
    ...capture,
    body,
    text,
    header: (name) => capture.headers.find(([each]: HeaderField) => each.toLowerCase() === name.toLowerCase())?.[1],
    json: () => jsonOf(text(), captureId),
  };
}

function jsonOf(text: string, id: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new HookyardError(`The body of ${id} is no JSON (${error instanceof Error ? error.message : String(error)}): use text().`, {
      cause: error,
    });
  }
}
