import { z } from 'zod';
import type { HeaderField } from '#shared/contract/common.ts';
import { invalid } from '../base/refusal.ts';
import { Canceller } from '../http/canceller.ts';
import type { Sender } from '../http/sender.types.ts';

/** Where another Hookyard is, and the token that opens it. */
export interface RemoteHost {
  readonly address: string;
  readonly token: string;
  readonly verifyTls: boolean;
}

const timeoutMs = 15_000;
const answerBytes = 1_048_576;

const remoteBins = z.object({
  items: z.array(z.object({ id: z.string(), name: z.string(), slug: z.string() })),
  next: z.string().nullable(),
});
const remoteKey = z.object({ path: z.string().startsWith('/') });

/** Makes a stream URL for a bin at another Hookyard. Throws a Refusal that says what to change. */
export async function makeRemoteKey(sender: Pick<Sender, 'send'>, remote: RemoteHost, bin: string, name: string): Promise<string> {
  const base = new URL(remote.address);
  base.search = '';
  base.hash = '';
  const root = base.href.replace(/\/$/, '');
  let cursor: string | null = '';
  const seen: string[] = [];
  while (cursor !== null) {
    const page: z.infer<typeof remoteBins> = await ask(
      sender,
      remote,
      remoteBins,
      'GET',
      `${root}/api/bins?limit=200${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    const found = page.items.find((each) => each.id === bin || each.slug === bin || each.name.toLowerCase() === bin.toLowerCase());
    if (found !== undefined) {
      const { path } = await ask(sender, remote, remoteKey, 'POST', `${root}/api/stream-keys`, { binId: found.id, name });
      return `${root}${path}`;
    }
    seen.push(...page.items.map(({ slug }) => slug));
    cursor = page.next;
  }
  throw invalid(
    'remoteBin',
    `The Hookyard at ${base.host} has no bin ${bin}${seen.length === 0 ? '' : `: it has ${seen.slice(0, 10).join(', ')}`}.`,
  );
}

async function ask<T extends z.ZodType>(
  sender: Pick<Sender, 'send'>,
  { token, verifyTls }: RemoteHost,
  schema: T,
  method: 'GET' | 'POST',
  url: string,
  body?: object,
): Promise<z.infer<T>> {
  const { outcome, response } = await sender.send(
    {
      method,
      url,
      headers: [
        ['accept', 'application/json'],
        ['authorization', `Bearer ${token}`],
        ...(body === undefined ? [] : [['content-type', 'application/json'] satisfies HeaderField]),
      ],
      body: body === undefined ? new Uint8Array() : Buffer.from(JSON.stringify(body), 'utf8'),
    },
    { timeoutMs, verifyTls, keptBytes: answerBytes, successRule: '2xx', isConfidential: true, signal: new Canceller() },
  );
  const host = new URL(url).host;
  if (response === null) throw invalid('url', outcome.message);
  if (response.status === 401)
    throw invalid('token', `The Hookyard at ${host} does not take this token: use the one of its "Ready at" line.`);
  if (response.status === 403)
    throw invalid(
      'url',
      `The Hookyard at ${host} answers to its own address on its machine only: use an SSH tunnel that keeps the port, or a stream URL, which may be reached by any name.`,
    );
  const read = outcome.code === 'ok' ? schema.safeParse(jsonOf(response.body)) : null;
  if (read?.success !== true)
    throw invalid(
      'url',
      `${host} answered ${response.status}, but not as a Hookyard with streams does: check the address, and its version.`,
    );
  return read.data;
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8')) as unknown;
  } catch {
    return null;
  }
}
