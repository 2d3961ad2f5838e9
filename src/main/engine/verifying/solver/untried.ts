import type { SearchPhase, SolverUntried } from '#shared/contract/solving.ts';
import { pairLimitBytes } from './body/body-variants.ts';
import type { CauseKind } from './families.ts';

/** The phases of a search, in order. */
export const phases = ['as received', 'one change', 'two changes', 'far-fetched pairs'] as const satisfies readonly SearchPhase[];

/** Why a search ended before everything was tried. */
export type Ending = 'match' | 'time' | 'count';

const endings: Readonly<Record<SolverUntried['why'], string>> = {
  match: 'A match was found',
  time: 'The time ran out',
  size: 'The body was too large',
  signature: 'No signature could be read',
  count: 'The most signatures that one search computes were computed',
};

const reached: Readonly<Record<Exclude<SearchPhase, 'far-fetched pairs'>, string>> = {
  'as received': 'while the request was tried as received: most or all changes were not tried',
  'one change': 'while single changes were tried: some of them, and most or all pairs of changes, were not',
  'two changes': 'while two changes were tried together: some of the usual pairs, and most or all of the far-fetched ones, were not',
};

/** Everything that a search did not reach when it ended in a phase. */
export function untriedAfter(phase: Exclude<SearchPhase, 'far-fetched pairs'>, why: Ending): SolverUntried {
  const sentence =
    why === 'match' ? `${endings.match}, so not everything was tried that changes more.` : `${endings[why]} ${reached[phase]}.`;
  return { phase, why, pairs: [], sentence };
}

/** The far-fetched pairs that a search did not reach. */
export function untriedPairs(pairs: SolverUntried['pairs'], why: Ending): SolverUntried {
  return { phase: 'far-fetched pairs', why, pairs, sentence: pairsSentence(pairs, why) };
}

/** The pairs that are left out of every search over a large body. */
export function untriedForSize(bodyBytes: number): SolverUntried {
  const sentence = `Two changes of the body at once were not all tried: they are tried on up to ${numberText(pairLimitBytes)} bytes, and the body has ${numberText(bodyBytes)}, or what one change makes of it has more.`;
  return { phase: 'two changes', why: 'size', pairs: [['body', 'body']], sentence };
}

/** Everything that a search knows, for when there was nothing to compare with. */
export function untriedWithoutSignature(): SolverUntried {
  const sentence = 'Nothing was tried: no signature in the request could be read, so there was nothing to compare with.';
  return { phase: 'as received', why: 'signature', pairs: [], sentence };
}

/** What is left out of one family of changes for this body. */
export function untriedOfFamily(sentence: string): SolverUntried {
  return { phase: 'two changes', why: 'size', pairs: [], sentence };
}

/** What several threads did not try, as one list; the thread that got least far counts. */
export function mergeUntried(each: readonly (readonly SolverUntried[])[]): SolverUntried[] {
  const all = each.flat();
  const sizes = [...new Map(all.filter(({ why }) => why === 'size').map((untried) => [untried.sentence, untried])).values()];
  const ended = all.filter(({ why }) => why !== 'size').toSorted((one, other) => phases.indexOf(one.phase) - phases.indexOf(other.phase));
  const [first] = ended;
  if (first?.phase !== 'far-fetched pairs') return [...sizes, ...ended.slice(0, 1)];
  const pairs = new Map(ended.flatMap((untried) => untried.pairs).map((pair) => [pair.join(' '), pair]));
  return [...sizes, { ...first, pairs: [...pairs.values()], sentence: pairsSentence([...pairs.values()], first.why) }];
}

const words: Readonly<Record<CauseKind, string>> = {
  secret: 'secret',
  body: 'body',
  string: 'signed string',
  encoding: 'encoding',
  algorithm: 'algorithm',
  scheme: 'scheme',
};

function pairsSentence(pairs: SolverUntried['pairs'], why: SolverUntried['why']): string {
  const named = pairs.map(([one, other]) => (one === other ? `two of the ${words[one]}` : `${words[one]} with ${words[other]}`));
  const left = named.length === 0 ? '' : `; left are some of: ${named.join(', ')}`;
  return `${endings[why]} before every far-fetched pair of changes was tried${left}.`;
}

function numberText(value: number): string {
  return value.toLocaleString('en-US');
}
