import type { RequestMatch } from '#shared/contract/request-match.ts';
import type { CaptureWait } from '#shared/contract/waits.ts';
import { invalid } from '../base/refusal.ts';
import { arrivedCapture } from '../capture/arrived.ts';
import type { BinBook } from '../capture/bin-book.ts';
import { liveBin } from '../capture/bin-store.ts';
import type { Database } from '../store/database.ts';

export interface PossibleDeps {
  readonly database: Database;
  readonly bins: Pick<BinBook, 'find' | 'named'>;
}

type Wanted = Pick<CaptureWait, 'binId' | 'match' | 'inOrder' | 'atMost' | 'sinceMs' | 'afterId'>;

/**
 * Throws a Refusal for a wait for verdicts that no capture of its bin can have: that none of those came would be true whatever came. Of any
 * bin, only that none may come is refused, since another one may be made meanwhile.
 */
export function assertPossibleVerdicts(deps: PossibleDeps, asked: Wanted): void {
  const { match, inOrder = [], binId } = asked;
  const at = [[match, 'match'] as const, ...inOrder.map((each, index) => [each, `inOrder.${index}`] as const)];
  const [wanted] = at.filter(([each]) => each?.verdicts !== undefined && !each.verdicts.includes('none'));
  if (wanted === undefined) return;
  const [filter, path] = wanted;
  if (binId !== undefined) return assertOfBin(deps, { ...asked, binId }, filter, `${path}.verdicts`);
  if (asked.atMost === undefined || !startsNow(asked) || deps.bins.named().some(({ id }) => deps.bins.find(id)?.signing != null)) return;
  throw invalid(
    `${path}.verdicts`,
    `No bin verifies signatures, so no capture has this verdict: give a bin a scheme, or leave verdicts out.`,
  );
}

function assertOfBin(
  { database, bins }: PossibleDeps,
  asked: Wanted & { readonly binId: string },
  filter: RequestMatch | undefined,
  path: string,
): void {
  const bin = bins.find(asked.binId);
  const row = liveBin(database, asked.binId);
  if (bin === undefined || row === undefined) return;
  // What came before it was changed may have been verified.
  if (row.updated_at_ms !== row.created_at_ms && beginningOf(database, asked) < row.updated_at_ms) return;
  const verdicts = filter?.verdicts ?? [];
  const none = `so none of its captures is ${verdicts.join(' or ')}`;
  if (bin.signing === null)
    throw invalid(path, `The bin ${bin.slug} verifies no signatures, ${none}: give it a scheme and a secret, or leave verdicts out.`);
  if (bin.secrets.length === 0 && verdicts.every((verdict) => verdict === 'valid'))
    throw invalid(path, `The bin ${bin.slug} has no secret to verify with, ${none}: give it one, or leave verdicts out.`);
}

function startsNow({ sinceMs, afterId }: Wanted): boolean {
  return sinceMs === undefined && afterId === undefined;
}

/** The time from which captures count. */
function beginningOf(database: Database, { sinceMs, afterId }: Wanted): number {
  if (afterId !== undefined) return arrivedCapture(database, afterId)?.receivedAtMs ?? 0;
  return sinceMs ?? Number.POSITIVE_INFINITY;
}
