import type { SolverProgress, SolverResult } from '#shared/contract/solving.ts';
import { mergeCoverage } from './coverage.ts';
import { inOrder } from './search-state.ts';
import { mergeUntried, phases } from './untried.ts';

/** Combines the progress of several threads. */
export function mergeProgress(each: readonly SolverProgress[]): SolverProgress {
  return {
    kind: 'progress',
    tried: each.reduce((sum, { tried }) => sum + tried, 0),
    phase: phases[Math.max(0, ...each.map(({ phase }) => phases.indexOf(phase)))] ?? 'as received',
  };
}

/** Combines the results of several threads. A change that two of them found appears once. */
export function mergeResults(each: readonly SolverResult[]): SolverResult {
  const byKind = new Map<string, number>();
  for (const { tried } of each) for (const [kind, count] of Object.entries(tried.byKind)) byKind.set(kind, (byKind.get(kind) ?? 0) + count);
  const matches = new Map(each.flatMap((result) => result.matches).map((match) => [`${match.secretFingerprint} ${match.sentence}`, match]));
  const isProven = [...matches.values()].some(({ weak }) => !weak);
  return {
    kind: 'result',
    matches: inOrder([...matches.values()]),
    tried: { total: each.reduce((sum, { tried }) => sum + tried.total, 0), byKind: Object.fromEntries(byKind) },
    exhausted: each.every(({ exhausted }) => exhausted),
    untried: mergeUntried(each.map(({ untried }) => untried)),
    families: mergeCoverage(each.map(({ families }) => families)),
    elapsedMs: Math.max(...each.map(({ elapsedMs }) => elapsedMs)),
    advice: isProven ? [] : [...new Set(each.flatMap(({ advice }) => advice))],
  };
}
