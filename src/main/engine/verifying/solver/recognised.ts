import type { Signing } from '#shared/contract/signing.ts';
import { recogniseScheme } from '#shared/recognise/recognise-scheme.ts';
import { Refusal } from '../../refusal.ts';
import { findScheme, parseOptions } from '../../signing/registry.ts';
import type { SolverProblem } from './problem.ts';

/** The schemes that a request shows, surest first, with the options that a verdict takes for them: its own, and those given beside `auto`. */
export function recognisedSignings(request: SolverProblem['request'], options: Readonly<Record<string, unknown>> = {}): readonly Signing[] {
  return recogniseScheme(request)
    .filter(({ scheme }) => findScheme(scheme) !== undefined)
    .flatMap(({ scheme, options: guessed }) => {
      try {
        return [parseOptions(scheme, { ...guessed, ...options })];
      } catch (error) {
        // The options are for another of them.
        if (error instanceof Refusal) return [];
        throw error;
      }
    });
}
