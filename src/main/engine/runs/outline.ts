import type { Run, RunStep } from '#shared/contract/project-runs.ts';
import type { RunSummary } from '#shared/contract/runs.ts';
import { expectsInWords } from './judge.ts';

/** What reports call a step. */
export function titleOf({ name, event, method, path, again }: RunStep, index: number): string {
  if (name !== undefined) return name;
  if (again !== undefined) return `step ${again} again`;
  return event ?? `${method ?? 'POST'} ${path ?? `request ${index + 1}`}`;
}

/** The steps of a run in a few words each. */
export function outlineOf({ to, steps }: Pick<Run, 'to' | 'steps'>): RunSummary['outline'] {
  return steps.map((step, index) => ({
    title: titleOf(step, index),
    to: step.to === to ? null : (step.to ?? null),
    afterMs: gapBefore(step, index),
    expects: expectsInWords(step.expect),
  }));
}

/** All gaps of a run together, in real time. */
export function gapsOf({ steps }: Pick<Run, 'steps'>): number {
  return steps.reduce((sum, step, index) => sum + gapBefore(step, index), 0);
}

/** How long it is from the step before; the first one begins at once. */
function gapBefore({ afterMs }: RunStep, index: number): number {
  return index === 0 ? 0 : afterMs;
}
