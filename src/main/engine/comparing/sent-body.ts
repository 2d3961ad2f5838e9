import type { HeaderField } from '#shared/contract/common.ts';
import type { BodyComparison } from '#shared/contract/comparing.ts';
import { TaskEnded } from '../background/background.ts';
import { arrivedCapture } from '../capture/arrived.ts';
import { readBody } from '../store/bodies.ts';
import type { Reader } from '../store/database.ts';
import { search, type Searcher } from '../store/searcher.ts';
import { compareBodies } from './body-comparison.ts';
import { ignoring } from './json-findings.ts';
import { findSent, type Arrived } from './find-sent.ts';
import { sentRequest } from './stored-requests.ts';
import { transitWords } from './transit.ts';

/** A body as one of our attempts sent it, where another one was received. */
export interface SentInstead {
  readonly body: Uint8Array;
  readonly attemptId: string;
  readonly deliveryId: string;
  /** What was changed on the way, as a clause: `the JSON was laid out anew`. */
  readonly changed: string;
}

/** A received request: a capture, or one that was pasted. */
export type ReceivedChoice =
  | { readonly captureId: string }
  | { readonly headers: readonly HeaderField[]; readonly body: Uint8Array; readonly receivedAtMs: number };

/** The body that was sent where another was received; null where they are the same, and where no attempt is known. */
export const sentBodySearch = search('sentBody', async (reader: Reader, choice: ReceivedChoice): Promise<SentInstead | null> => {
  const arrived = 'captureId' in choice ? arrivedCapture(reader, choice.captureId) : pasted(choice);
  // Of a body that was cut it is not known what is other.
  if (arrived === undefined || arrived.isBodyTruncated === 1) return null;
  const found = findSent(reader, arrived);
  if (found === null) return null;
  const { attempt } = found;
  const { bodyHash } = attempt;
  if (bodyHash === null) return null;
  const bytes = 'body' in arrived ? arrived.body : readBody(reader, arrived.bodyHash);
  const headers = JSON.parse(arrived.headersJson) as HeaderField[];
  const body = await compareBodies(
    sentRequest(reader, attempt),
    { bytes, size: bytes.byteLength, headers, isCut: false },
    transitWords,
    ignoring([]),
  );
  if (body.isSame) return null;
  return { body: readBody(reader, bodyHash), attemptId: attempt.id, deliveryId: attempt.deliveryId, changed: changedClause(body) };
});

/** Asks for the sent body in a thread. Null also where that took too long: a verdict does not depend on it. */
export function sentInsteadBy(searcher: Pick<Searcher, 'look'>) {
  return async (received: ReceivedChoice): Promise<SentInstead | null> => {
    try {
      return await searcher.look(sentBodySearch, received);
    } catch (error) {
      if (error instanceof TaskEnded) return null;
      throw error;
    }
  };
}

function pasted({ headers, body, receivedAtMs }: Exclude<ReceivedChoice, { readonly captureId: string }>): Arrived {
  return { headersJson: JSON.stringify(headers), body, bodyBytes: body.byteLength, isBodyTruncated: 0, deliveryId: null, receivedAtMs };
}

/** What was changed, as a clause that goes on after `on its way here`. */
function changedClause({ content, rewrites, changeCount, changes }: BodyComparison): string {
  const ways = rewrites.map(({ sentence }) => clauseOf(sentence)).join('; ');
  if (content === 'same' && ways !== '') return ways;
  const values =
    changeCount === 0
      ? 'the body became another'
      : `${changeCount} ${changeCount === 1 ? 'value' : 'values'} of the JSON became other, the first at ${changes[0]?.path ?? '$'}`;
  return ways === '' ? values : `${values}; ${ways}`;
}

/** A sentence as a clause, without its capital and full stop. */
function clauseOf(sentence: string): string {
  return `${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`.replace(/\.$/, '');
}
