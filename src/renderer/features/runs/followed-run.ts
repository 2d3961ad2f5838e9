import type { RunEvent, RunReport, RunWaiting } from '#shared/contract/runs.ts';
import type { JudgedEvent } from '#shared/run-words.ts';
import type { Client } from '../../base/client.ts';
import { toProblem, type Problem } from '../../base/problem.ts';

type Told<Kind extends RunReport['kind']> = Extract<RunReport, { readonly kind: Kind }>;

/** What a run waits for, and since when by the clock of the window. */
export interface Waiting {
  readonly event: RunWaiting;
  readonly sinceMs: number;
}

/** A run as far as it has come. */
export interface FollowedRun {
  /** `stopped` by whoever watched it; `broken` where it could not begin, or was not told to its end. */
  readonly status: 'running' | 'ended' | 'stopped' | 'broken';
  readonly started: Told<'started'> | null;
  readonly judged: readonly JudgedEvent[];
  readonly waiting: Waiting | null;
  /** Of the step that was sent and not decided when the run was stopped; null for none. */
  readonly cutAt: number | null;
  readonly ended: Told<'ended'> | null;
  /** Why it is broken. */
  readonly problem: Problem | null;
}

/** A run that was asked for, of which nothing was told yet. */
export const begun: FollowedRun = { status: 'running', started: null, judged: [], waiting: null, cutAt: null, ended: null, problem: null };

/** A run after one more event. */
function withEvent(run: FollowedRun, event: RunEvent, nowMs: number): FollowedRun {
  switch (event.kind) {
    case 'started':
      return { ...run, started: event };
    case 'waiting':
      return { ...run, waiting: { event, sinceMs: nowMs } };
    case 'ended':
      return { ...run, status: 'ended', waiting: null, ended: event };
    case 'step':
    case 'whole':
      return { ...run, waiting: null, judged: [...run.judged, event] };
  }
}

export type AskedRun = Parameters<Client['runs']['run']>[0];

/** Runs a run and tells how it stands after each event. It ends when the signal aborts; what was under way is cancelled then. Never rejects. */
export async function followRun(
  { runs }: Pick<Client, 'runs'>,
  asked: AskedRun,
  signal: AbortSignal,
  tell: (run: FollowedRun) => void,
): Promise<void> {
  let run = begun;
  const show = (next: FollowedRun) => tell((run = next));
  show(begun);
  try {
    for await (const event of await runs.run({ ...asked, progress: true }, { signal })) show(withEvent(run, event, Date.now()));
    if (run.status === 'running') show(stopped(run));
  } catch (error) {
    show(signal.aborted ? stopped(run) : { ...run, status: 'broken', waiting: null, problem: toProblem(error) });
  }
}

function stopped(run: FollowedRun): FollowedRun {
  const event = run.waiting?.event;
  const cutAt = event === undefined || event.for === 'gap' || event.for === 'captures' ? null : event.number;
  return { ...run, status: 'stopped', waiting: null, cutAt };
}
