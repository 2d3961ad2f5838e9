import { randomBytes } from 'node:crypto';
import { invalid } from '../base/refusal.ts';
import type { Clock } from '../base/ports.ts';

/** How long a plan can be carried out. */
const planLifeMs = 300_000;

/** Plans kept at once; the oldest go first. */
const plansKept = 200;

/** What dry runs found, to be carried out once by who asked for it. */
export interface Plans<Work> {
  /** Keeps a plan, and returns its id. */
  readonly keep: (by: { readonly actor: string; readonly tool: string }, work: Work) => string;
  /** Takes a plan out. Throws a Refusal for one that is not there, or is somebody else's or another tool's. */
  readonly take: (by: { readonly actor: string; readonly tool: string }, id: string) => Work;
}

export function createPlans<Work>(clock: Pick<Clock, 'now'>): Plans<Work> {
  const kept = new Map<string, { readonly actor: string; readonly tool: string; readonly work: Work; readonly untilMs: number }>();
  return {
    keep: ({ actor, tool }, work) => {
      const nowMs = clock.now();
      for (const [id, { untilMs }] of kept) if (untilMs <= nowMs) kept.delete(id);
      for (const id of kept.keys()) {
        if (kept.size < plansKept) break;
        kept.delete(id);
      }
      const id = `plan_${randomBytes(12).toString('hex')}`;
      kept.set(id, { actor, tool, work, untilMs: nowMs + planLifeMs });
      return id;
    },
    take: ({ actor, tool }, id) => {
      const plan = kept.get(id);
      if (plan === undefined || plan.actor !== actor || plan.tool !== tool || plan.untilMs <= clock.now())
        throw invalid(
          'plan_id',
          `There is no such plan of ${tool}: one can be used once, within ${planLifeMs / 60_000} minutes. Call ${tool} without plan_id for a new one.`,
        );
      kept.delete(id);
      return plan.work;
    },
  };
}
