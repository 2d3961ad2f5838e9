import type { RelayAnswer, RelayShadow } from '#shared/contract/relays.ts';
import { conflict, invalid } from '../base/refusal.ts';
import type { AnswerConfig, RelayConfig, ShadowConfig, TargetConfig } from './config.ts';

type Ids = readonly Pick<TargetConfig, 'endpointId'>[];

/** Whose answer the sender gets, as it is kept. Throws a Refusal for a place that the list does not have. */
export function answerConfig(answer: RelayAnswer | null, targets: Ids): AnswerConfig | null {
  if (answer === null) return null;
  const { target, ...rest } = answer;
  return { ...rest, targetId: idAt(targets, target, 'answer.target') };
}

/** A shadow as it is kept. Throws a Refusal for places that the list does not have. */
export function shadowConfig(shadow: RelayShadow | null, targets: Ids): ShadowConfig | null {
  if (shadow === null) return null;
  const { target, of, ...rest } = shadow;
  return { ...rest, targetId: idAt(targets, target, 'shadow.target'), ofId: idAt(targets, of, 'shadow.of') };
}

function idAt(targets: Ids, place: number, path: string): string {
  const target = targets[place];
  if (target !== undefined) return target.endpointId;
  const places = targets.length === 1 ? 'only 0' : `0 to ${targets.length - 1}`;
  throw invalid(path, `There is no target ${place}: they are counted from 0, so give ${places}.`);
}

/** The same by their places, as the contract has them. */
export function answerView({ answer, targets }: Pick<RelayConfig, 'answer' | 'targets'>): RelayAnswer | null {
  if (answer === null) return null;
  const { targetId, ...rest } = answer;
  return { ...rest, target: placeOf(targets, targetId) };
}

export function shadowView({ shadow, targets }: Pick<RelayConfig, 'shadow' | 'targets'>): RelayShadow | null {
  if (shadow === null) return null;
  const { targetId, ofId, ...rest } = shadow;
  return { ...rest, target: placeOf(targets, targetId), of: placeOf(targets, ofId) };
}

function placeOf(targets: Ids, id: string): number {
  return targets.findIndex(({ endpointId }) => endpointId === id);
}

/** Throws a Refusal where a relay gives a target a part that it cannot have, or where the bin has another relay that answers. */
export function assertRoles(relay: RelayConfig, others: readonly Pick<RelayConfig, 'id' | 'name' | 'binId' | 'answer'>[]): void {
  const { answer, shadow, targets } = relay;
  const isThere = (id: string) => placeOf(targets, id) !== -1;
  if (answer !== null && !isThere(answer.targetId))
    throw invalid(
      'answer.target',
      'The target whose answer the sender gets is not in the list any more: choose another one, or the answer of the bin.',
    );
  if (shadow !== null && !(isThere(shadow.targetId) && isThere(shadow.ofId)))
    throw invalid('shadow.target', 'A target of the comparison is not in the list any more: choose two of the list, or no shadow.');
  if (shadow !== null && shadow.targetId === shadow.ofId)
    throw invalid('shadow.of', 'A target cannot be compared with itself: choose another one.');
  if (answer !== null && answer.targetId === shadow?.targetId)
    throw invalid('answer.target', 'The shadow is only tried out: let the sender get the answer of the other target.');
  const rival =
    answer === null ? undefined : others.find((other) => other.id !== relay.id && other.binId === relay.binId && other.answer !== null);
  if (rival === undefined) return;
  const message = `The relay ${rival.name} of this bin gives the answer of a target already, and a sender gets one answer: take it from one of them.`;
  throw conflict('answer', message);
}
