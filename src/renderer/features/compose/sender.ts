import type { Capture } from '#shared/contract/captures.ts';
import type { Client } from '../../base/client.ts';
import { toProblem } from '../../base/problem.ts';
import {
  chosenEndpoint,
  chosenEvent,
  composedOf,
  draftFields,
  eventOf,
  headOf,
  isTemplateChanged,
  type ComposeAccess,
  type ComposeState,
  type Sent,
} from './compose-state.ts';
import { isBelow } from './draft.ts';
import { placeProblem } from './placed-problem.ts';
import { draftProblem } from './draft-problem.ts';

/** Sends what is composed and follows the result. */
export interface Sender {
  readonly send: () => Promise<void>;
  /** Looks again at what was sent, after these deliveries or captures changed; null for any. */
  readonly follow: (ids: readonly string[] | null) => Promise<void>;
}

/** Captures of a bin that are looked through for the one a delivery made. */
const captureSearchLimit = 20;

/** The capture that a delivery made in a bin, newest first, or null. */
async function findCapture(client: Client, binId: string, deliveryId: string): Promise<Capture | null> {
  const page = await client.captures.list({ binId, limit: captureSearchLimit });
  for (const summary of page.items) {
    const capture = await client.captures.get({ id: summary.id });
    if (capture.deliveryId === deliveryId) return capture;
  }
  return null;
}

/** Sends what is composed: to the endpoint as it is, with the body of an unsaved template, or to a one-off target. */
async function sendEvent(client: Client, state: ComposeState) {
  const endpoint = chosenEndpoint(state);
  const head = headOf(state);
  const { resend } = state;
  const event = {
    ...eventOf(state),
    ...(head === null ? {} : { head }),
    ...(resend?.kind === 'capture' ? { sourceCaptureId: resend.id } : {}),
  };
  if (endpoint === null) {
    const { url = '', name = 'Any URL', ...rest } = draftFields(state);
    return client.messages.send({ ...event, target: { ...rest, name, url, secretHeaders: {}, retryPolicy: 'none' } });
  }
  if (event.bodyBase64 !== undefined || !isTemplateChanged(state)) return client.messages.send({ ...event, endpointIds: [endpoint.id] });
  // The endpoint does not have this template, so the body it renders goes out as it is.
  const prepared = await client.preview.render({ endpointId: endpoint.id, draft: draftFields(state), event: eventOf(state) });
  const { isBatch: _, ...rest } = event;
  return client.messages.send({ ...rest, endpointIds: [endpoint.id], bodyBase64: prepared.bodyBase64 });
}

/** A sender over `messages.send`, deliveries and captures. `ready` resolves when what is composed is read. */
export function createSender(client: Client, { get, set }: ComposeAccess, ready: () => Promise<void>): Sender {
  let turn = 0;

  const follow = async (ids: readonly string[] | null) => {
    const before = get().sending;
    if (before.kind !== 'sent' || before.deliveryId === null) return;
    const isOurs = ids === null || ids.includes(before.deliveryId) || (before.bin !== null && before.comparison === null);
    if (!isOurs) return;
    const mine = (turn += 1);
    const update = (change: Partial<Sent>) => {
      const now = get().sending;
      // An outdated answer would show an earlier state again.
      if (mine === turn && now.kind === 'sent' && now.messageId === before.messageId) set({ sending: { ...now, ...change } });
    };
    try {
      const delivery = await client.deliveries.get({ id: before.deliveryId, bodies: false });
      const bin = get().bins.find((candidate) => isBelow(delivery.url, candidate.url)) ?? null;
      update({ delivery, bin });
      const answered = delivery.attempts.findLast(({ response }) => response !== null);
      if (answered !== undefined && answered.id !== before.answered?.id)
        update({ answered: await client.deliveries.attempt({ id: answered.id }) });
      if (bin === null || delivery.attempts.length === 0) return;
      const capture = await findCapture(client, bin.id, delivery.id);
      if (capture === null) return;
      const { transit } = await client.comparing.transit({ id: capture.id });
      update({ capture, comparison: transit?.comparison.body ?? null });
    } catch (error) {
      if (toProblem(error).code === 'INTERNAL') throw error;
      // A broken connection or a deleted delivery leaves what was last known; the next change asks again.
    }
  };

  const send = async () => {
    await ready();
    const state = get();
    if (state.sending.kind === 'sending' || !state.isLoaded || chosenEvent(state) === null) return;
    const unreadable = draftProblem(state);
    if (unreadable !== null) return set({ preview: { ...state.preview, problem: unreadable } });
    set({ sending: { kind: 'sending' } });
    try {
      const answer = await sendEvent(client, state);
      const deliveryId = answer.deliveries[0]?.id ?? null;
      set({
        sending: {
          kind: 'sent',
          messageId: answer.id,
          of: composedOf(state),
          warnings: answer.warnings,
          deliveryId,
          delivery: null,
          answered: null,
          bin: null,
          capture: null,
          comparison: null,
        },
      });
      await follow(null);
    } catch (error) {
      const problem = toProblem(error);
      const placed = placeProblem(error);
      const isSaid = get().preview.problem?.message === placed.message;
      // A problem with a text or a field is shown there, and not again as the result.
      if (isSaid || placed.where !== 'request' || (problem.issues.length > 0 && problem.code === 'INPUT_INVALID'))
        set({ sending: { kind: 'idle' }, preview: { ...get().preview, problem: placed } });
      else set({ sending: { kind: 'refused', problem } });
    }
  };

  return { send, follow };
}
