import type { Signing } from '#shared/contract/signing.ts';
import { recogniseScheme, unreadSignature, type RecognisedScheme } from '#shared/recognise/recognise-scheme.ts';
import { Refusal } from '../../base/refusal.ts';
import { headerNameTest } from '#shared/text/headers.ts';
import { findScheme, parseOptions, schemeOf } from '../../signing/registry.ts';
import { judgeRecognised } from '../../signing/verify-recognised.ts';
import type { SolverProblem } from './problem.ts';

/** The recognised schemes of a request, and those that are no explanation of why it is refused. */
export interface Recognised {
  /** First the one that the verdict uses, each with the options of the verdict. */
  readonly signings: readonly Signing[];
  /** Schemes that match, of which the verdict says that they do not count. */
  readonly outvoted: readonly Signing['scheme'][];
}

export function recognisedIn({ request, secrets, nowMs, autoOptions = {} }: SolverProblem): Recognised {
  try {
    const judged = judgeRecognised({ ...request, secrets: secrets.map(({ text }) => text), nowMs }, autoOptions);
    const { signing, recognised, outvoted } = judged;
    const others = recognised
      .filter(({ scheme }) => scheme !== signing?.scheme && !outvoted.some((one) => one === scheme))
      .flatMap(({ scheme, options }) => (findScheme(scheme) === undefined ? [] : parsed(scheme, { ...options, ...autoOptions })));
    return { signings: signing === null ? others : [signing, ...others], outvoted };
  } catch (error) {
    if (error instanceof Refusal) return { signings: [], outvoted: [] };
    throw error;
  }
}

/**
 * The problem without the headers of signatures that match and do not count, since what explains these is no reason why the request is
 * refused. A header that the scheme of the verdict reads stays.
 */
export function withoutOutvoted(problem: SolverProblem): SolverProblem {
  if (problem.options !== null) return problem;
  const { signings, outvoted } = recognisedIn(problem);
  const own = signings[0] === undefined ? [] : schemeOf(signings[0].scheme).info.headers;
  const isOwn = headerNameTest(own);
  const isOutvoted = headerNameTest(outvoted.flatMap((id) => schemeOf(id).info.headers));
  const { request } = problem;
  const headers = request.headers.filter(([name]) => isOwn(name) || !isOutvoted(name));
  return headers.length === request.headers.length ? problem : { ...problem, request: { ...request, headers } };
}

/**
 * The first of the senders that a request shows, where all of them sign in a known way that cannot be checked here; null where something
 * can be tried.
 */
export function uncheckableIn({ options, request }: SolverProblem): RecognisedScheme | null {
  if (options !== null) return null;
  const recognised = recogniseScheme(request);
  const isKnownAndUncheckable = ({ scheme }: RecognisedScheme) => scheme !== unreadSignature && findScheme(scheme) === undefined;
  return recognised.every(isKnownAndUncheckable) ? (recognised[0] ?? null) : null;
}

/** None when the options are for another of the schemes. */
function parsed(scheme: string, options: Readonly<Record<string, unknown>>): readonly Signing[] {
  try {
    return [parseOptions(scheme, options)];
  } catch (error) {
    if (error instanceof Refusal) return [];
    throw error;
  }
}
