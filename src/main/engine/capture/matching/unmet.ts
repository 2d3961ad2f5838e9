import type { RequestMatch } from '#shared/contract/request-match.ts';
import { matchTexts } from '#shared/match-text.ts';
import { TaskEnded, task, type Background } from '../../background/background.ts';
import { ownBytes } from '../../base/own-bytes.ts';
import { jsonAnswers, jsonFound } from './capture-facts.ts';
import { readBodyBytes, type MatchedBody, type RequestFacts } from './match-all.ts';
import { unmetBy, type MatchedRequest, type Unmet } from './match.ts';

/** More than this is not told of one filter, nor shown of one value. */
const mostUnmet = 50;
const shownCharacters = 200;
const shownValues = 5;

interface UnmetOrder {
  readonly filters: readonly (RequestMatch | null)[];
  readonly facts: RequestFacts;
  /** Null where no filter asks for it. */
  readonly body: Uint8Array | null;
}

function unmetOfAll({ filters, facts, body }: UnmetOrder): Unmet[][] {
  const json = body === null ? { hasJson: () => false } : { hasJson: jsonAnswers(body), jsonFound: jsonFound(body) };
  const request: MatchedRequest = { ...facts, ...json };
  return filters.map((filter) => shownUnmet(filter, request));
}

/** The conditions of a filter that a request does not meet, the first of them, with the beginnings of what it has there. */
export function shownUnmet(filter: RequestMatch | null, request: MatchedRequest): Unmet[] {
  return unmetBy(filter, request)
    .slice(0, mostUnmet)
    .map(({ part, found }) => ({ part, found: found === null ? null : found.slice(0, shownValues).map(shortText) }));
}

function shortText(text: string): string {
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;
}

export const unmetTask = task('unmet', unmetOfAll);

/**
 * The conditions that a captured request does not meet, of each of some filters in their order, looked at in a thread; null where its body
 * would have to be read for that and is too large or takes too long.
 */
export async function unmetOf(
  background: Pick<Background, 'run'>,
  filters: readonly (RequestMatch | null)[],
  facts: RequestFacts,
  { body, bytes, read }: MatchedBody,
): Promise<readonly (readonly Unmet[])[] | null> {
  const isBodyAsked = filters.some(asksForJson);
  if (isBodyAsked && bytes > readBodyBytes) return null;
  try {
    return await background.run('requests', unmetTask, { filters, facts, body: isBodyAsked ? ownBytes(body ?? read()) : null });
  } catch (error) {
    if (error instanceof TaskEnded) return null;
    throw error;
  }
}

/** Whether a filter asks for the JSON of a body. */
export function asksForJson(filter: RequestMatch | null): boolean {
  return (filter?.json?.length ?? 0) > 0;
}

/** A condition that is not met as people read it: as it is written in a filter, and a sentence on what is there instead. */
export function unmetInWords({ part, found }: Unmet): { readonly condition: string; readonly found: string } {
  return { condition: matchTexts(part)[0] ?? '', found: foundText(found) };
}

function foundText(found: readonly string[] | null): string {
  if (found === null) return 'It has something else there, or nothing.';
  if (found.length === 0) return 'It has none.';
  return `It is ${found.join(', ')}`;
}
