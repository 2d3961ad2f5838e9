import type { CheckCase, CheckLevel } from '#shared/contract/checks.ts';
import type { EdgeGroup } from '../events/variants/edge.ts';
import type { WireRequest } from '../http/sender.types.ts';
import type { PacedWire } from '../http/paced-request.ts';
import type { CheckEvent, Subject, SubjectHandshake } from './subject.ts';

/** One request of a case. */
export interface PlannedSend {
  readonly request: WireRequest;
  /** How it is written to the wire where that is not as usual; it is then not in the log. */
  readonly wire?: PacedWire;
  /** What is special about it among the requests of the case, such as "`data.amount` is null". */
  readonly label?: string;
  /** False for a request of which no answer is expected, such as one that is cut short. */
  readonly isJudged?: boolean;
}

/**
 * How the answers of a case are judged: `survive` takes 2xx and 4xx alike, `note` takes anything and says what it was, `fast` is acceptance
 * within a time, `handshake` is the answer that a system expects.
 */
export type Expectation =
  | { readonly kind: 'accept' | 'refuse' | 'survive' | 'note' }
  | { readonly kind: 'fast'; readonly limitMs: number }
  | { readonly kind: 'handshake'; readonly handshake: SubjectHandshake };

/** What a case sends: steps one after the other, the requests of each at once. */
export interface Plan {
  readonly kind: 'plan';
  readonly steps: readonly (readonly PlannedSend[])[];
  readonly expects: Expectation;
  /** In place of the level of the case, where libraries of the provider are known to do otherwise. */
  readonly level?: CheckLevel;
  /** What those libraries do, in a sentence. */
  readonly libraryNote?: string;
  /** Whether a refusal shows something although genuine requests are refused, too; otherwise it does not. */
  readonly standsAlone?: boolean;
  /** How often a receiver may act on all of it, at most; left out where that is not counted. */
  readonly mostEffects?: number;
}

/** Why a case says nothing about this receiver, in a sentence. */
export interface Skip {
  readonly kind: 'skip';
  readonly reason: string;
}

/** A case as data, with the function that makes its requests. */
export interface Case extends CheckCase {
  /** How many events it takes; 1 when left out. */
  readonly events?: number;
  readonly plan: (subject: Subject, events: readonly [CheckEvent, ...CheckEvent[]]) => Plan | Skip;
}

/** A case that sends variants of an event. What it sends next depends on what came back. */
export interface VariantCase extends CheckCase {
  /** Which of them; `base` is the event itself, `combined` several at once. */
  readonly variants: EdgeGroup | 'base' | 'combined';
}

/** A case of the catalogue. */
export type AnyCase = Case | VariantCase;

export function skip(reason: string): Skip {
  return { kind: 'skip', reason };
}

type More = Omit<Plan, 'kind' | 'steps' | 'expects'>;

/** A plan of requests one after the other. */
export function inTurn(expects: 'accept' | 'refuse' | 'survive' | 'note', requests: readonly WireRequest[], more: More = {}): Plan {
  return { kind: 'plan', steps: requests.map((request) => [{ request }]), expects: { kind: expects }, ...more };
}

const withoutScheme =
  'Requests to this receiver are not signed: name a profile or a scheme, and the secret, to check what it does with signatures.';

/**
 * A plan of one request that is not genuine. `whenGenuine` is why it still is by the scheme, in which case there is nothing to refuse. What
 * the provider's own library is known to accept is advice only.
 */
export function toRefuse(subject: Subject, request: WireRequest, whenGenuine: string): Plan | Skip {
  const verification = subject.verify(request);
  if (verification === null) return skip(withoutScheme);
  if (verification.verdict === 'valid') return skip(whenGenuine);
  return inTurn('refuse', [request], { ...levelFor(verification), mostEffects: 0 });
}

/** A plan of one request that is genuine, however unusual. What the provider's own library is known to refuse is advice only. */
export function toAccept(subject: Subject, request: WireRequest, more: Omit<PlannedSend, 'request'> = {}): Plan | Skip {
  const verification = subject.verify(request);
  if (verification !== null && verification.verdict !== 'valid') return skip(`It cannot be made for this scheme: ${verification.message}`);
  const level = verification === null ? {} : levelFor(verification);
  return { kind: 'plan', steps: [[{ request, ...more }]], expects: { kind: 'accept' }, ...level };
}

/** A plan of one request of which only a crash would be wrong. */
export function toSurvive(subject: Subject, request: WireRequest): Plan | Skip {
  const verification = subject.verify(request);
  if (verification !== null && verification.verdict !== 'valid') return skip(`It cannot be made for this scheme: ${verification.message}`);
  return inTurn('survive', [request]);
}

function levelFor({ libraryNote }: { readonly libraryNote: string | null }): Pick<Plan, 'level' | 'libraryNote'> {
  return libraryNote === null ? {} : { level: 'should', libraryNote };
}

/** The reason for cases about signatures where there are none. */
export function unsigned(): Skip {
  return skip(withoutScheme);
}
