import type { RequestMatch } from '#shared/contract/request-match.ts';
import { TaskEnded, task, type Background } from '../../background/background.ts';
import { ownBytes } from '../../base/own-bytes.ts';
import { jsonAnswers } from './capture-facts.ts';
import { matches, type MatchedRequest } from './match.ts';

/** Bodies up to this size are read at once; JSON of this size is parsed within some milliseconds. */
export const smallBodyBytes = 65_536;

/** A larger body is not read for its JSON. */
export const readBodyBytes = 16_777_216;

/** Characters that filters may go over on the serving thread, for one request: some 4 ms. More are gone over in a thread. */
const comparedAtOnce = 1_000_000;

/** A captured request without its body. */
export type RequestFacts = Omit<MatchedRequest, 'hasJson'>;

/** The body of a captured request; `body` is null for a large one, which `read` brings. */
export interface MatchedBody {
  readonly body: Uint8Array | null;
  readonly bytes: number;
  readonly read: () => Uint8Array;
}

/** Filters, null for none, and what they are held against; `body` is null where none asks for it. */
interface MatchOrder {
  readonly filters: readonly (RequestMatch | null)[];
  readonly facts: RequestFacts;
  readonly body: Uint8Array | null;
}

function matchAll({ filters, facts, body }: MatchOrder): boolean[] {
  const hasJson = body === null ? () => false : jsonAnswers(body);
  const request: MatchedRequest = { ...facts, hasJson };
  return filters.map((filter) => matches(filter, request));
}

/** Holds filters against a request, in a thread: only whether they match crosses back. */
export const matchTask = task('match', matchAll);

/**
 * Which of some filters a captured request passes, in their order; null where its body would have to be read for that and is too large or
 * takes too long. What takes long is done in a thread.
 */
export async function matchesOf(
  background: Pick<Background, 'run'>,
  filters: readonly (RequestMatch | null)[],
  facts: RequestFacts,
  given: MatchedBody,
): Promise<readonly boolean[] | null> {
  const { body, bytes, read } = given;
  const isBodyAsked = asksForBody(filters);
  if (isBodyAsked && bytes > readBodyBytes) return null;
  const atOnce = matchesAtOnce(filters, facts, given, comparedAtOnce);
  if (atOnce !== null) return atOnce;
  try {
    return await background.run('requests', matchTask, { filters, facts, body: isBodyAsked ? ownBytes(body ?? read()) : null });
  } catch (error) {
    if (error instanceof TaskEnded) return null;
    throw error;
  }
}

/** The same where filters go over no more characters than these and need no body that is not at hand; null otherwise. */
export function matchesAtOnce(
  filters: readonly (RequestMatch | null)[],
  facts: RequestFacts,
  { body, bytes }: Omit<MatchedBody, 'read'>,
  mostCharacters: number,
): readonly boolean[] | null {
  const isBodyAsked = asksForBody(filters);
  if (isBodyAsked && body === null) return null;
  if (charactersCompared(filters, facts, isBodyAsked ? bytes : 0) > mostCharacters) return null;
  return matchAll({ filters, facts, body: isBodyAsked ? body : null });
}

function asksForBody(filters: readonly (RequestMatch | null)[]): boolean {
  return filters.some((filter) => (filter?.json?.length ?? 0) > 0);
}

/** How many characters of a request its filters go over at most: each condition reads what it asks about once. */
function charactersCompared(filters: readonly (RequestMatch | null)[], facts: RequestFacts, bodyBytes: number): number {
  let compared = 0;
  let headerCharacters: number | null = null;
  for (const filter of filters) {
    if (filter === null) continue;
    const { path, query = [], headers = [], json = [] } = filter;
    if (headers.length > 0) headerCharacters ??= facts.headers.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
    compared +=
      (path === undefined ? 0 : facts.path.length) +
      query.length * facts.query.length +
      headers.length * (headerCharacters ?? 0) +
      json.length * bodyBytes;
  }
  return compared;
}
