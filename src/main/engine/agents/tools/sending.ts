import type { Warning } from '#shared/contract/common.ts';
import { mostBodyCharacters } from '#shared/agents/fields.ts';
import type { AgentToolInput } from '#shared/agents/tools.ts';
import type { Json } from '#shared/contract/json.ts';
import type { NearestMiss } from '#shared/contract/waits.ts';
import type { MessageAnswer } from '#shared/contract/message-answer.ts';
import { invalid } from '../../base/refusal.ts';
import type { ToolAnswer } from '../answer.ts';
import { bodyPiece } from '../body-window.ts';
import { headerLines } from '../header-lines.ts';
import { assertLendable, assertListed, assertOpenProfile } from '../lendable.ts';
import type { ToolContext, ToolSet } from '../tool-context.ts';
import { captureFacts, deliveryFacts, given } from './looking.ts';

/** Tools that send, show what would be sent, and wait for what comes. */
export const sending: ToolSet<'send' | 'preview' | 'wait_for'> = {
  send: async (context, input) => {
    const sent = await sendAsked(context, input);
    return await followed(context, sent, input.wait_seconds);
  },
  preview: async ({ client, mask }, { event_type, data, data_text, endpoint_id, profile, url, attempt }) => {
    const draft = given({ profile, url });
    const prepared = await client.preview.render({
      event: { type: event_type, ...dataGiven({ data, data_text }) },
      attempt,
      ...given({ endpointId: endpoint_id }),
      ...(Object.keys(draft).length === 0 ? {} : { draft }),
    });
    const { bodyBase64, bodyBytes: rawBytes, bodyText } = prepared;
    const body = { bodyBase64, rawBytes, charset: bodyText === null ? null : 'utf-8', isCut: bodyBase64 === '' && rawBytes > 0 };
    const piece = bodyPiece('Body', body, { body_offset: 0, body_limit: mostBodyCharacters }, mask);
    return {
      said: [`Nothing was sent. Signed with ${secretWords[prepared.secretSource]}.`, piece.said],
      facts: {
        line: `${prepared.method} ${prepared.url}`,
        headers: headerLines(prepared.headers),
        signature:
          prepared.signature === null ? null : { scheme: prepared.signature.scheme, headers: headerLines(prepared.signature.headers) },
        warnings: toldWarnings(prepared.warnings),
      },
      texts: piece.texts,
    };
  },
  wait_for: async ({ client, clock, signal }, input) => {
    const { what, within_seconds, count, at_most, since_seconds, after_id, bin_id, match, endpoint_id, message_id } = input;
    const expected = {
      withinMs: Math.round(within_seconds * 1000),
      ...given({ count, atMost: at_most, afterId: after_id }),
      ...(since_seconds === undefined ? {} : { sinceMs: Math.max(0, Math.round(clock.now() - since_seconds * 1000)) }),
    };
    const ofDeliveries = { eventTypes: input.event_types, statuses: input.statuses };
    assertFits(what, { bin_id, match }, { endpoint_id, message_id, event_types: input.event_types, statuses: input.statuses });
    const result = await client.waits.wait(
      what === 'captures'
        ? { for: 'captures', ...expected, ...given({ binId: bin_id, match }) }
        : { for: 'deliveries', ...expected, ...given({ endpointId: endpoint_id, messageId: message_id }), match: given(ofDeliveries) },
      signal === undefined ? {} : { signal },
    );
    const matched = result.for === 'captures' ? result.matched.map(captureFacts) : result.matched.map(deliveryFacts);
    return {
      said: [`${result.isMet ? 'Met' : 'Not met'}: ${result.matchCount} of ${result.looked} ${what} matched.`],
      facts: {
        message: result.message,
        matched: matched.slice(0, 20),
        nearest: result.nearest === null || result.isMet ? null : nearestFacts(result.nearest),
      },
    };
  },
};

/** What came closest and what it lacks, without the values that it has: they may be cut, and a secret with them. */
function nearestFacts({ id, what, unmet, differenceCount }: NearestMiss) {
  return { id, what, lacks: unmet.map(({ condition }) => condition), differenceCount };
}

const secretWords = {
  endpoint: 'the secret of the endpoint',
  draft: 'the secret of the draft',
  auth: 'the secret of its authentication',
  placeholder: 'a placeholder, since there is no secret yet',
  none: 'nothing: it does not sign',
} as const;

async function sendAsked({ client }: ToolContext, input: AgentToolInput<'send'>): Promise<MessageAnswer> {
  const { event_type: type, endpoint_ids, url, profile, as_endpoint, auth_id } = input;
  const data = dataGiven(input);
  const ofUrl = { profile, as_endpoint, auth_id };
  if (url === undefined) {
    const extra = Object.entries(ofUrl).find(([, value]) => value !== undefined);
    if (extra !== undefined) throw invalid(extra[0], `${extra[0]} goes with url: give the URL to send to.`);
    if (endpoint_ids !== undefined) await assertListed(client, endpoint_ids, 'endpoint_ids');
    return await client.messages.send({ type, ...data, ...given({ endpointIds: endpoint_ids }) });
  }
  if (endpoint_ids !== undefined) throw invalid('url', 'Give endpoint_ids or url, and only one of them.');
  if (as_endpoint !== undefined) {
    if (profile !== undefined || auth_id !== undefined)
      throw invalid('as_endpoint', 'Leave profile and auth_id out: as_endpoint brings those of the endpoint.');
    await assertLendable(client, as_endpoint, 'as_endpoint');
    return await client.endpoints.test({ id: as_endpoint, draft: { url }, eventType: type, ...data });
  }
  if (auth_id !== undefined) await assertLendable(client, auth_id, 'auth_id');
  if (profile !== undefined) await assertOpenProfile(client, profile);
  return await client.messages.send({
    type,
    ...data,
    target: {
      url,
      name: `Agent to ${url}`.slice(0, 200),
      ...given({ profile, authId: auth_id }),
      // Nobody could know a secret that is made for one message.
      ...(auth_id === undefined ? { signing: null } : {}),
      // A coding agent looks at the outcome, and sends again itself.
      retryPolicy: { kind: 'none' },
    },
  });
}

/** Sentences of warnings, without those that say something of a secret which agents are not to know, such as that it is easy to guess. */
function toldWarnings(warnings: readonly Warning[]): readonly string[] {
  return warnings.flatMap(({ code, message }) => (code === 'SECRET_WEAK' ? [] : message));
}

/** The data of an event, which the contract reads and checks. */
function dataGiven({ data, data_text }: { readonly data?: unknown; readonly data_text?: string | undefined }) {
  return given({ data: data as Json | undefined, dataText: data_text });
}

/** What was sent, with the outcome of each delivery as far as it came within a time. */
async function followed({ client, signal }: ToolContext, sent: MessageAnswer, waitSeconds: number): Promise<ToolAnswer> {
  const made = [sent.id, ...sent.deliveries.map(({ id }) => id)];
  const warnings = toldWarnings(sent.warnings);
  const count = sent.deliveries.length;
  const said = [`Message ${sent.id}, ${count} ${count === 1 ? 'delivery' : 'deliveries'}.`];
  if (waitSeconds > 0 && count > 0)
    await client.waits.wait(
      {
        for: 'deliveries',
        messageId: sent.id,
        match: { statuses: ['delivered', 'failed', 'exhausted', 'cancelled'] },
        count,
        withinMs: Math.max(1, Math.round(waitSeconds * 1000)),
      },
      signal === undefined ? {} : { signal },
    );
  const { items } = await client.deliveries.list({ messageId: sent.id, limit: 20 });
  const states = Object.entries(Object.groupBy(items, ({ status }) => status)).map(([status, of]) => `${of.length} ${status}`);
  return {
    said: [...said, ...(states.length === 0 ? [] : [`Now ${states.join(', ')}; get_delivery has the answers.`])],
    facts: { deliveries: items.map(deliveryFacts), warnings },
    made,
  };
}

/** Refuses fields of the other kind, which would be left out without a word. */
function assertFits(what: 'captures' | 'deliveries', ofCaptures: object, ofDeliveries: object): void {
  const others = what === 'captures' ? ofDeliveries : ofCaptures;
  const extra = Object.entries(others).find(([, value]) => value !== undefined);
  if (extra !== undefined) throw invalid(extra[0], `${extra[0]} does not go with ${what}: leave it out.`);
}
