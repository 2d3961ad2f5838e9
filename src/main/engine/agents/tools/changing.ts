import type { AgentToolInput } from '#shared/agents/tools.ts';
import { mostReplayed } from '#shared/agents/changing.ts';
import type { Bin } from '#shared/contract/bins.ts';
import type { CaptureSummary } from '#shared/contract/captures.ts';
import type { DeliverySummary } from '#shared/contract/deliveries.ts';
import type { ImportResult } from '#shared/contract/event-import.ts';
import type { MessageAnswer } from '#shared/contract/message-answer.ts';
import { invalid } from '../../base/refusal.ts';
import type { ToolAnswer } from '../answer.ts';
import { messageOf } from '../failure.ts';
import { assertLendable, assertListed, openCapture, unlistedOf } from '../lendable.ts';
import type { ToolContext, ToolSet } from '../tool-context.ts';
import { deliveryFacts, given } from './looking.ts';

type Changing = 'create_bin' | 'set_answer' | 'replay' | 'advance_clock' | 'import_events';

/** Pages of 200 that are looked through for waiting deliveries. */
const pagesLookedAt = 10;

/** Tools that add to the workspace or change it. */
export const changing: ToolSet<Changing> = {
  create_bin: async ({ client }, { name }) => {
    const bin = await client.bins.create({ name });
    return { said: [`Made the bin ${bin.id}.`], facts: { id: bin.id, name: bin.name, url: bin.url }, made: [bin.id] };
  },
  set_answer: async ({ client, plan }, { bin_id, ...asked }) => {
    if (bin_id === undefined) throw invalid('bin_id', 'Give bin_id: the bin whose answer is to change.');
    const change = answerChange(asked);
    const bin = await client.bins.get({ id: bin_id });
    const planned = plan(async (context) => {
      // Refused where somebody changed the bin since.
      const changed = await context.client.bins.update({ id: bin.id, ifUpdatedAtMs: bin.updatedAtMs, ...change });
      return { said: [`Changed the answer of ${bin.id}.`], facts: answerFacts(changed), made: [bin.id] };
    });
    const rules = bin.answers.rules.length;
    return {
      said: [
        `Nothing was changed yet. Carry it out with plan_id ${planned}.`,
        ...(rules === 0 ? [] : [`The bin has ${rules} ${rules === 1 ? 'rule' : 'rules'} that come first and stay as they are.`]),
      ],
      facts: { now: answerFacts(bin), change },
    };
  },
  replay: async (context, asked) => (asked.capture_ids === undefined ? planRedelivery(context, asked) : planCaptures(context, asked)),
  advance_clock: async ({ client, clock, plan }, { by_seconds, endpoint_id }) => {
    if (by_seconds === undefined) throw invalid('by_seconds', 'Give by_seconds: how much time is to pass.');
    const { timeScale } = await client.system.health();
    const untilMs = clock.now() + (by_seconds * 1000) / timeScale;
    const due = (await waitingDeliveries(client, endpoint_id)).filter(({ nextAttemptAtMs }) => (nextAttemptAtMs ?? Infinity) <= untilMs);
    const taken = due.slice(0, mostReplayed);
    if (taken.length === 0)
      return { said: [`No delivery that waits has its next attempt within ${by_seconds} seconds, so there is nothing to make now.`] };
    const planned = plan((by) => actOnEach(taken, 'Made the next attempt of', ({ id }) => by.client.deliveries.attemptNow({ id })));
    return {
      said: [
        `${taken.length} waiting ${taken.length === 1 ? 'attempt' : 'attempts'} would be made now${due.length > taken.length ? `, of ${due.length} that are due by then` : ''}; none was. Carry it out with plan_id ${planned}.`,
      ],
      facts: { deliveries: taken.slice(0, 10).map(deliveryFacts) },
    };
  },
  import_events: async ({ client, plan }, { text }) => {
    if (text === undefined) throw invalid('text', 'Give text: the document with the event types.');
    const found = await client.eventTypes.import({ text, dryRun: true });
    const planned = plan(async (by) => {
      const done = await by.client.eventTypes.import({ text });
      return {
        said: ['Imported. The user can undo it in Events until the next import.'],
        facts: importFacts(done),
        made: chosenNames(done),
      };
    });
    const names = chosenNames(found);
    return {
      said: [
        names.length === 0
          ? 'The import would change nothing.'
          : `${names.length} event ${names.length === 1 ? 'type' : 'types'} would be added, changed or removed; none was. Carry it out with plan_id ${planned}.`,
      ],
      facts: importFacts(found),
    };
  },
};

type AnswerAsked = Omit<AgentToolInput<'set_answer'>, 'bin_id' | 'plan_id'>;

function answerChange({ delay_ms, sequence, ...response }: AnswerAsked) {
  const changed = given({ ...response, delayMs: delay_ms });
  const hasText = changed.body !== undefined || changed.headers !== undefined;
  if (Object.keys(changed).length === 0 && sequence === undefined)
    throw invalid('status', 'Give what is to change: status, headers, body, delay_ms or sequence.');
  return {
    // As it is: what a template names could be a secret.
    response: hasText ? { ...changed, isTemplate: false } : changed,
    ...(sequence === undefined ? {} : { answers: { sequence: sequence === null ? null : { steps: sequence } } }),
  };
}

function answerFacts({ id, url, response, answers }: Bin) {
  const { status, headers, body, delayMs, fault, isTemplate } = response;
  return { id, url, status, headers, body, delayMs, fault: fault?.kind, isTemplate, sequence: answers.sequence?.steps };
}

type ReplayAsked = AgentToolInput<'replay'>;

async function planRedelivery({ client, clock, plan }: ToolContext, asked: ReplayAsked): Promise<ToolAnswer> {
  const { delivery_ids, deliveries: filter, to_endpoint, to_url } = asked;
  if ((delivery_ids === undefined) === (filter === undefined))
    throw invalid('delivery_ids', 'Give one of delivery_ids, deliveries and capture_ids, and only one.');
  if (to_endpoint !== undefined || to_url !== undefined)
    throw invalid('to_endpoint', 'A delivery goes to its own endpoint again: leave to_endpoint and to_url out, or give capture_ids.');
  const found: DeliverySummary[] = [];
  for (const id of delivery_ids ?? []) found.push(await client.deliveries.get({ id, bodies: false }));
  const { since_seconds, endpoint_id, event_type, status } = filter ?? {};
  const listed =
    filter === undefined
      ? null
      : await client.deliveries.list({
          limit: mostReplayed,
          ...given({ status, endpointId: endpoint_id, eventType: event_type }),
          ...(since_seconds === undefined ? {} : { fromMs: Math.max(0, Math.round(clock.now() - since_seconds * 1000)) }),
        });
  if (listed !== null && listed.next !== null)
    throw invalid('deliveries', `More than ${mostReplayed} deliveries match: narrow the filter, or ask the user to run "hookyard replay".`);
  found.push(...(listed?.items ?? []));
  if (found.length === 0) return { said: ['No delivery matches, so there is nothing to send again.'] };
  // What a URL of the agent's own would get may have changed since.
  for (const id of await unlistedOf(client, [...new Set(found.map(({ endpointId }) => endpointId))]))
    await assertLendable(client, id, 'delivery_ids');
  // In the order in which they were made.
  const all = found.toSorted((one, other) => one.createdAtMs - other.createdAtMs);
  const planned = plan((by) => actOnEach(all, 'Scheduled again', ({ id }) => by.client.deliveries.redeliver({ id })));
  return {
    said: [
      `${all.length} ${all.length === 1 ? 'delivery' : 'deliveries'} would be sent again; none was. Carry it out with plan_id ${planned}.`,
    ],
    facts: { deliveries: all.slice(0, 20).map(deliveryFacts) },
  };
}

async function planCaptures(context: ToolContext, asked: ReplayAsked): Promise<ToolAnswer> {
  const { client, plan } = context;
  const { capture_ids = [], delivery_ids, deliveries, to_endpoint, to_url, sign_anew } = asked;
  if (delivery_ids !== undefined || deliveries !== undefined)
    throw invalid('capture_ids', 'Give one of delivery_ids, deliveries and capture_ids, and only one.');
  if ((to_endpoint === undefined) === (to_url === undefined))
    throw invalid('to_endpoint', 'Give to_endpoint or to_url, and only one: where the captured requests go.');
  if (to_endpoint !== undefined) await assertListed(client, [to_endpoint], 'to_endpoint');
  const captures: CaptureSummary[] = [];
  for (const id of capture_ids) captures.push(to_url === undefined ? await client.captures.get({ id }) : await openCapture(context, id));
  if (to_url !== undefined && sign_anew === true)
    for (const binId of new Set(captures.map((capture) => capture.binId))) await assertLendable(client, binId, 'sign_anew');
  const target = to_endpoint === undefined ? { url: to_url } : { endpointId: (await client.endpoints.get({ id: to_endpoint })).id };
  const as = sign_anew ? ('resigned' as const) : ('received' as const);
  const planned = plan((by) => actOnEach(captures, 'Sent on', ({ id }) => by.client.captures.replay({ id, as, ...given(target) })));
  return {
    said: [
      `${captures.length} captured ${captures.length === 1 ? 'request' : 'requests'} would be sent on; none was. Carry it out with plan_id ${planned}.`,
    ],
    facts: {
      to: target,
      captures: captures.slice(0, 20).map(({ id, method, target: path, bodyBytes }) => ({ id, method, target: path, bodyBytes })),
    },
  };
}

/** Does one thing to each, in their order; what is refused is told, and the others go on. */
async function actOnEach<Item extends { readonly id: string }>(
  items: readonly Item[],
  done: string,
  act: (item: Item) => Promise<MessageAnswer | DeliverySummary>,
): Promise<ToolAnswer> {
  const made: string[] = [];
  const refused: { id: string; why: string }[] = [];
  for (const item of items) {
    try {
      const result = await act(item);
      made.push(...('deliveries' in result ? result.deliveries.map(({ id }) => id) : [result.id]));
    } catch (error) {
      refused.push({ id: item.id, why: messageOf(error) });
    }
  }
  return {
    said: [`${done} ${items.length - refused.length} of ${items.length}. wait_for and list_deliveries tell what becomes of them.`],
    facts: { deliveries: made, refused },
    made,
  };
}

/** Deliveries that wait for an attempt, as far as they are looked through. */
async function waitingDeliveries(client: ToolContext['client'], endpointId: string | undefined): Promise<readonly DeliverySummary[]> {
  const waiting: DeliverySummary[] = [];
  for (const status of ['failed', 'pending'] as const) {
    let cursor: string | undefined;
    for (let page = 0; page < pagesLookedAt; page += 1) {
      // Attempts of a check that runs are made when it expects them.
      const { items, next } = await client.deliveries.list({ status, isTest: false, limit: 200, ...given({ endpointId, cursor }) });
      waiting.push(...items.filter(({ isInFlight, nextAttemptAtMs }) => !isInFlight && nextAttemptAtMs !== null));
      if (next === null) break;
      cursor = next;
    }
  }
  return waiting.toSorted((one, other) => (one.nextAttemptAtMs ?? 0) - (other.nextAttemptAtMs ?? 0));
}

function chosenNames({ added, changed, removed }: ImportResult): readonly string[] {
  return [...added, ...changed, ...removed].filter(({ isChosen }) => isChosen).map(({ name }) => name);
}

function importFacts({ documents, added, changed, removed, unchanged, leftOut }: ImportResult) {
  return {
    documents,
    added: added.map(({ name, hasSchema, samples, notes }) => ({ name, hasSchema, samples, notes })),
    changed: changed.map(({ name, changes, isEdited, isChosen }) => ({ name, changes, isEdited, isChosen })),
    removed: removed.map(({ name, isChosen }) => ({ name, isChosen })),
    unchanged: unchanged.length,
    leftOut,
  };
}
