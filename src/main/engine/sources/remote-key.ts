import { z } from 'zod';
import type { HeaderField } from '#shared/contract/common.ts';
import { streamPath } from '#shared/stream-form.ts';
import { invalid } from '../base/refusal.ts';
import { Canceller } from '../http/canceller.ts';
import type { Sender } from '../http/sender.types.ts';
import { streamKeyIn } from './config.ts';

/** Where another Hookyard is, and the token that opens it. */
export interface RemoteHost {
  readonly address: string;
  readonly token: string;
  readonly verifyTls: boolean;
}

const timeoutMs = 15_000;
/** For the whole list, however many pages it has. */
const listTimeoutMs = 30_000;
const mostPages = 100;
const answerBytes = 1_048_576;
/** Bins that are named where the one that was asked for is not there. */
const namedBins = 10;

const remoteBins = z.object({
  items: z.array(z.object({ id: z.string(), name: z.string(), slug: z.string() })),
  next: z.string().max(300).nullable(),
});
const remoteKey = z.object({
  path: z.string().refine((path) => path.startsWith(streamPath) && streamKeyIn(`http://host${path}`) !== null),
});

/** Makes a stream URL for a bin at another Hookyard. Throws a Refusal that says what to change. */
export async function makeRemoteKey(sender: Pick<Sender, 'send'>, remote: RemoteHost, bin: string, name: string): Promise<string> {
  const base = new URL(remote.address);
  base.search = '';
  base.hash = '';
  const root = base.href.replace(/\/$/, '');
  const untilMs = performance.now() + listTimeoutMs;
  let cursor: string | null = '';
  const seen: string[] = [];
  for (let pages = 0; cursor !== null; pages += 1) {
    const leftMs = untilMs - performance.now();
    if (pages === mostPages || leftMs <= 0)
      throw invalid(
        'remoteBin',
        `The Hookyard at ${base.host} lists bins without an end, and ${shortened(bin)} was not among those read. Make a stream URL there ("hookyard streams create"), and give that.`,
      );
    const page: z.infer<typeof remoteBins> = await ask(
      sender,
      remote,
      remoteBins,
      { method: 'GET', url: `${root}/api/bins?limit=200${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}` },
      Math.min(timeoutMs, Math.ceil(leftMs)),
    );
    const found = page.items.find((each) => each.id === bin || each.slug === bin || each.name.toLowerCase() === bin.toLowerCase());
    if (found !== undefined) {
      const request = { method: 'POST', url: `${root}/api/stream-keys`, body: { binId: found.id, name } } as const;
      const { path } = await ask(sender, remote, remoteKey, request, timeoutMs);
      return `${root}${path}`;
    }
    seen.push(...page.items.slice(0, namedBins - seen.length).map(({ slug }) => shortened(slug)));
    cursor = page.next;
  }
  throw invalid(
    'remoteBin',
    `The Hookyard at ${base.host} has no bin ${shortened(bin)}${seen.length === 0 ? '' : `: it has ${seen.join(', ')}`}.`,
  );
}

/** Names of another Hookyard may be anything. */
function shortened(name: string): string {
  return name.length > 100 ? `${name.slice(0, 100)}…` : name;
}

async function ask<T extends z.ZodType>(
  sender: Pick<Sender, 'send'>,
  { token, verifyTls }: RemoteHost,
  schema: T,
  { method, url, body }: { readonly method: 'GET' | 'POST'; readonly url: string; readonly body?: object },
  withinMs: number,
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
    { timeoutMs: withinMs, verifyTls, keptBytes: answerBytes, successRule: '2xx', isConfidential: true, signal: new Canceller() },
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
