import { deliveryMatch, present } from './conditions.ts';
import type { Connection } from './connection.ts';
import { HookyardError } from './errors.ts';
import { idIn } from './options.ts';
import { allItems } from './pages.ts';
import type { DeliveriesWait, Delivery, SendOptions, SentMessage, WaitResult } from './types.ts';
import { wait } from './waits.ts';

/** Sends an event; the answer comes once it is on disk. */
export async function send(connection: Connection, type: string, data: unknown, options: SendOptions): Promise<SentMessage> {
  const { to, id, environment } = options;
  const ofUrl = urlOptions.find((name) => options[name] !== undefined);
  if (ofUrl !== undefined && (to === undefined || !isUrl(to)))
    throw new HookyardError(`The option ${ofUrl} of send() goes with a URL in to: endpoints have their own, so leave it out.`);
  const where = to === undefined ? {} : isUrl(to) ? { target: targetOf(to, options) } : { endpointIds: await idsOf(connection, to) };
  return await connection.call('POST', '/messages', { type, ...present({ data, id, environment }), ...where });
}

/** What says how to send to a URL. */
const urlOptions = ['profile', 'scheme', 'secret', 'timeoutMs', 'headers', 'target'] as const;

function isUrl(to: string | readonly string[]): to is string {
  return typeof to === 'string' && (/^https?:\/\//i.test(to) || to.startsWith('{{'));
}

function targetOf(url: string, { profile, scheme, secret, timeoutMs, headers, target = {} }: SendOptions): Record<string, unknown> {
  // Without anything that says how to sign, nothing is signed.
  const isUnsigned = profile === undefined && secret === undefined;
  const signing = scheme === undefined ? (isUnsigned ? null : undefined) : { scheme };
  return { name: url.slice(0, 200), url, ...present({ profile, signing, secret, timeoutMs, headers }), ...target };
}

/** The deliveries that match, oldest first. */
export async function waitForDeliveries(connection: Connection, asked: DeliveriesWait): Promise<readonly Delivery[]> {
  const { message, endpoint, count, atMost, withinMs, sinceMs } = asked;
  const messageId = message === undefined ? undefined : idIn(message, 'message');
  const [endpointId] = endpoint === undefined ? [] : await idsOf(connection, endpoint);
  const { matched } = await wait<Delivery>(
    connection,
    present({ for: 'deliveries', messageId, endpointId, match: deliveryMatch(asked), count, atMost, sinceMs }),
    withinMs,
    async (result) => await answerText(connection, result),
  );
  return matched;
}

interface AttemptAnswer {
  readonly id: string;
  readonly response: { readonly status: number; readonly bodyBytes: number } | null;
}

/** This much of an answer is shown. */
const shownCharacters = 500;

/** What the receiver said to the delivery that came closest: often it names its reason itself. */
async function answerText({ call }: Connection, { nearest }: WaitResult): Promise<string> {
  if (nearest === null) return '';
  const { attempts } = await call<{ readonly attempts: readonly AttemptAnswer[] }>('GET', `/deliveries/${nearest.id}?bodies=false`);
  const last = attempts.at(-1);
  const response = last?.response ?? null;
  if (last === undefined || response === null || response.bodyBytes === 0) return '';
  const { bodyBase64 } = await call<{ readonly bodyBase64: string }>('GET', `/attempts/${last.id}/decoded`);
  const text = Buffer.from(bodyBase64, 'base64').toString('utf8').trim();
  return `\n  Its answer to attempt ${attempts.length} was ${response.status}: ${text.slice(0, shownCharacters)}${text.length > shownCharacters ? '…' : ''}`;
}

/** The ids of endpoints named by their ids or names. */
async function idsOf({ call }: Connection, wanted: string | readonly string[]): Promise<readonly string[]> {
  const endpoints = await allItems<{ readonly id: string; readonly name: string }>(call, '/endpoints');
  return [wanted].flat().map((each) => {
    const found = endpoints.filter(({ id, name }) => id === each || name.toLowerCase() === each.toLowerCase());
    const [first] = found;
    if (first === undefined) {
      const names = endpoints.map(({ name }) => name).slice(0, 10);
      const hint = names.length === 0 ? 'there are none yet' : `there are ${names.join(', ')}`;
      throw new HookyardError(
        `There is no endpoint "${each}" (${hint}): give its id or name, or a URL that begins with http:// or https://.`,
      );
    }
    if (found.length > 1)
      throw new HookyardError(
        `${found.length} endpoints are called "${each}": give one of the ids ${found.map(({ id }) => id).join(', ')}.`,
      );
    return first.id;
  });
}
