import { setTimeout as delay } from 'node:timers/promises';
import { request } from 'undici';
import type { ReadyHost } from './host.ts';

/** What producers and senders of captures were promised, over all hosts. */
export interface Promised {
  /** Ids of messages that were answered with a success. */
  readonly messages: Set<string>;
  /** Paths below each bin at which a request was answered with a success. */
  readonly captures: Set<string>;
  readonly relayed: Set<string>;
  /** Ids that were posted and never answered; they are posted again, as a careful producer does. */
  readonly unanswered: Set<string>;
  /** Answers that said the message was known already. */
  duplicates: number;
  /** Answers that said to come again later. */
  refused: number;
  posted: number;
}

export function createPromised(): Promised {
  return { messages: new Set(), captures: new Set(), relayed: new Set(), unanswered: new Set(), duplicates: 0, refused: 0, posted: 0 };
}

/** Posts, captures and captures with a relay under way at once. */
const producers = 8;
const capturers = 2;
const relayCapturers = 4;

/** The bins of a soak: one that only captures, and one with a relay. */
export const slugs = { captures: 'soak', relayed: 'relayed' } as const;

export interface Load {
  readonly host: ReadyHost;
  readonly promised: Promised;
  /** Told the number of messages that this load has been promised. */
  readonly onAnswer: (answered: number) => void;
}

/** Posts messages and requests to a bin until the host is gone. Throws for an answer that is no success. */
export async function driveUntilGone({ host, promised, onAnswer }: Load): Promise<void> {
  let answered = 0;
  const again = [...promised.unanswered];
  /** A host that stops refuses what it cannot take any more. */
  const refused = async () => {
    promised.refused += 1;
    await delay(20);
    return true;
  };
  const post = async (): Promise<boolean> => {
    const id = again.pop() ?? `m-${(promised.posted += 1)}`;
    promised.unanswered.add(id);
    const answer = await orGone(host.call('POST', '/messages', { type: 'load.test', id, data: { id, padding: 'x'.repeat(300) } }));
    if (answer === null) return false;
    if (answer.status === 503) return refused();
    if (answer.status !== 202) throw new Error(`A message was answered with ${answer.status}: ${JSON.stringify(answer.json)}`);
    promised.unanswered.delete(id);
    promised.messages.add(id);
    if ((answer.json as { readonly isDuplicate: boolean }).isDuplicate) promised.duplicates += 1;
    answered += 1;
    onAnswer(answered);
    return true;
  };
  const captureIn = (bin: keyof typeof slugs) => async (): Promise<boolean> => {
    const path = `/c-${(promised.posted += 1)}`;
    const status = await orGone(
      request(`${host.captureUrl}/${slugs[bin]}${path}`, { method: 'POST', body: path }).then(async (answer) => {
        await answer.body.dump();
        return answer.statusCode;
      }),
    );
    if (status === null) return false;
    if (status === 503) return refused();
    if (status !== 200) throw new Error(`A capture was answered with ${status}.`);
    promised[bin].add(path);
    return true;
  };
  const repeat = async (job: () => Promise<boolean>) => {
    while (await job());
  };
  await Promise.all([
    ...Array.from({ length: producers }, () => repeat(post)),
    ...Array.from({ length: capturers }, () => repeat(captureIn('captures'))),
    ...Array.from({ length: relayCapturers }, () => repeat(captureIn('relayed'))),
  ]);
}

const goneCodes = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'];

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && goneCodes.includes(String(error.code));
}

/** Null when the connection broke or could not be made: the host is gone and what was under way has no answer. */
async function orGone<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}
