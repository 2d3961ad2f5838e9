import type { CheckExchange } from '#shared/contract/checks.ts';
import type { Case, PlannedSend } from '../case.ts';
import type { EffectCounter } from '../effects.ts';
import { answerKindOf, type Answered } from '../judge.ts';
import type { CheckSending } from '../send.ts';
import type { Subject } from '../subject.ts';
import type { LimitWaits } from './limit-waits.ts';
import type { SteadyPorts } from './send-steadily.ts';

/** What sending the requests of any case takes from outside. */
export interface SendingPorts {
  /** The receiver as of now. */
  readonly subject: (random: () => number) => Subject;
  /** Sends at once; settles when all were answered. */
  readonly send: (sending: CheckSending) => Promise<readonly CheckExchange[]>;
  readonly sendInOwnWay: (send: PlannedSend) => Promise<CheckExchange>;
  /** Null where effects are not counted. */
  readonly effects: EffectCounter | null;
  readonly signal: AbortSignal;
}

/** What the cases of one run have in common. */
export interface Standing {
  readonly limitWaits: LimitWaits;
  readonly pause: (ms: number) => Promise<void>;
  /** Whether an answer with a 5xx, or a lost connection, did not come again for the same request. */
  hasWavered: boolean;
  /** That of the case that is at work. */
  title: string;
}

/** The ports of one case, whose requests are made again by `replan`. */
export function steadyPorts(
  ports: SendingPorts,
  standing: Standing,
  replan: SteadyPorts['replan'],
  count: SteadyPorts['count'],
): SteadyPorts {
  return {
    ...standing,
    replan,
    count,
    signal: ports.signal,
    send: (requests, isApart) => sendOnce(ports, standing.title, requests, isApart),
    waitForLimit: standing.limitWaits.ofCase(ports.subject(() => 0).signed?.toleranceSeconds ?? null).wait,
  };
}

/** Where effects are not counted. */
export const uncounted: SteadyPorts['count'] = { begin: () => Promise.resolve(), end: () => Promise.resolve(null) };

/** Counts what a receiver does while it gets the requests of a case. */
export function counting({ effects }: SendingPorts, { family }: Case, isCounted: boolean): SteadyPorts['count'] {
  const isFirst = family === 'genuine';
  if (effects === null || (!isFirst && !isCounted)) return uncounted;
  return { begin: effects.begin, end: isFirst ? effects.learn : effects.count };
}

/** How requests go over connections of their own that are otherwise as usual. */
const plainWire = { framing: 'length', pieces: 1, gapMs: 0, cut: null } as const;

/** Sends at once; `isApart` over a new connection for each. */
async function sendOnce(
  ports: SendingPorts,
  title: string,
  requests: readonly PlannedSend[],
  isApart: boolean,
): Promise<readonly Answered[]> {
  const successRule = ports.subject(() => 0).successRule;
  const usual = requests.filter(({ wire }) => wire === undefined && !isApart);
  const [logged, own] = await Promise.all([
    usual.length === 0 ? [] : ports.send({ title, requests: usual.map(({ request }) => request) }),
    Promise.all(requests.map((send) => (usual.includes(send) ? null : ports.sendInOwnWay({ wire: plainWire, ...send })))),
  ]);
  return requests.flatMap((send, index) => {
    const exchange = own[index] ?? logged[usual.indexOf(send)];
    return exchange === undefined ? [] : [{ send, exchange, kind: answerKindOf(exchange, successRule) }];
  });
}
