import type { Signing } from '#shared/contract/signing.ts';
import { recogniseScheme, unreadSignature, type RecognisedScheme } from '#shared/recognise/recognise-scheme.ts';
import { Refusal } from '../../base/refusal.ts';
import { findScheme, parseOptions } from '../../signing/registry.ts';
import { judgeRecognised } from '../../signing/verify-recognised.ts';
import type { SolverProblem } from './problem.ts';

/** The recognised schemes of a request, first the one that the verdict uses, each with the options of the verdict. */
export function recognisedSignings({ request, secrets, nowMs, autoOptions = {} }: SolverProblem): readonly Signing[] {
  try {
    const { signing, recognised } = judgeRecognised({ ...request, secrets: secrets.map(({ text }) => text), nowMs }, autoOptions);
    const others = recognised
      .filter(({ scheme }) => findScheme(scheme) !== undefined && scheme !== signing?.scheme)
      .flatMap(({ scheme, options }) => parsed(scheme, { ...options, ...autoOptions }));
    return signing === null ? others : [signing, ...others];
  } catch (error) {
    if (error instanceof Refusal) return [];
    throw error;
  }
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
