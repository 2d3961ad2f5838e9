import type { Check, NewCheck } from '#shared/contract/checks.ts';
import type { NewTarget } from '#shared/contract/endpoints.ts';
import { jsonTextOf } from '#shared/contract/json.ts';
import { givenOptions } from '#shared/contract/signing.ts';
import type { AuthBook } from '../auth/book.ts';
import { partOf } from '../auth/config.ts';
import type { Background } from '../background/background.ts';
import { callerOf, type Caller } from '../base/admission.ts';
import { dataOf } from '../base/given-data.ts';
import type { Procedures } from '../base/procedures.ts';
import { conflict, invalid, notFound, unknownId } from '../base/refusal.ts';
import type { BinBook } from '../capture/bin-book.ts';
import type { AnyCase } from '../checks/case.ts';
import { catalogue, describedCase } from '../checks/catalogue.ts';
import type { Checks } from '../checks/checks.ts';
import { readyReceiver, type ReceiverDeps } from '../checks/receiver.ts';
import { casesOf, deleteCheck, findCheck, listChecks, type StoredCheck } from '../checks/store.ts';
import type { EndpointBook } from '../endpoints/book.ts';
import type { EndpointConfig } from '../endpoints/config.ts';
import { newConfig } from '../endpoints/new-config.ts';
import type { ProfileBook } from '../profiles/book.ts';
import { filledEndpoint } from '../profiles/fill.ts';
import { withoutUnusedSigning } from '../request/authenticator.ts';
import { assertSignable } from '../signing/usable-secret.ts';
import { seqPages } from '../store/page.ts';
import { sampleEvent } from './sample-event.ts';
import { variantsOf } from './variants-of.ts';

export interface CheckDeps extends Omit<ReceiverDeps, 'endpoints'> {
  readonly checks: Checks;
  readonly endpoints: EndpointBook;
  readonly profiles: ProfileBook;
  readonly auths: AuthBook;
  readonly bins: Pick<BinBook, 'find' | 'named'>;
  readonly background: Pick<Background, 'run'>;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

const pages = seqPages('checks');
const seeds = 2 ** 32;

/** One request waits for its answer no longer than this, however long the provider would, unless more is asked for. */
const usualRequestMs = 30_000;

/** Checks of receivers: starting them, following them, reading what came out. */
export function createCheckHandlers(os: Procedures, deps: CheckDeps) {
  const { database, changes, checks, clock, ids, auths, profiles } = deps;
  const get = (id: string): StoredCheck => {
    const found = findCheck(database, id);
    if (found === undefined) throw notFound('check', id);
    return found;
  };

  const start = async (asked: NewCheck, caller: Caller): Promise<Check> => {
    const { effectBinId = null, previousSecret = null } = asked;
    if (effectBinId !== null && deps.bins.find(effectBinId) === undefined) throw unknownId('bin', effectBinId, deps.bins.named());
    const config = asked.endpointId === undefined ? targetOf(asked.target, caller.actor) : deps.endpoints.getOwn(asked.endpointId);
    const ofSample = sampleEvent(database, profiles, config, { eventType: asked.eventType, sample: asked.sample });
    const data = dataOf(asked);
    const event = data === undefined ? ofSample : { type: ofSample.type, data };
    const seed = asked.seed ?? Math.floor(deps.random() * seeds);
    const variants = variantsOf(deps, { config, count: asked.variants, eventType: event.type, dataJson: jsonTextOf(event.data) });
    const chosen = chosenCases(asked);
    // Why there are no variants is said once, by the first case that would send some.
    const first = chosen.find((one) => 'variants' in one);
    const cases = chosen.filter((one) => variants.hasSchema || !('variants' in one) || one === first);
    const receiver = await readyReceiver(deps, {
      config,
      variants,
      profile: config.profile === null ? null : (profiles.find(config.profile) ?? null),
      event,
      previousSecret,
      verifyToken: asked.verifyToken ?? null,
      effectBinId,
      seed,
      requestTimeoutMs: asked.requestTimeoutMs ?? Math.min(config.timeoutMs, usualRequestMs),
      isWhole: asked.isWhole,
      cases,
      caller,
    });
    if (previousSecret !== null && receiver.signing !== null) assertSignable(previousSecret, receiver.signing, '');
    const stored = await checks.begin({
      subject: {
        endpointId: asked.endpointId ?? null,
        name: config.name,
        url: receiver.url,
        profile: config.profile,
        signing: receiver.signing,
        eventType: event.type,
        seed,
      },
      timeoutMs: asked.timeoutMs,
      creator: caller.actor,
      ports: receiver.ports,
      clean: receiver.clean,
      total: cases.length,
    });
    return toCheck(stored, null);
  };

  return {
    start: os.checks.start.handler(({ input, context }) => start(input, callerOf(context))),
    list: os.checks.list.handler(({ input: { cursor, limit } }) =>
      pages.page(listChecks(database, { beforeSeq: pages.before(cursor), limit: limit + 1 }), limit, (stored) =>
        toCheck(stored, checks.waitingOf(stored.id)),
      ),
    ),
    catalogue: os.checks.catalogue.handler(() => ({ items: catalogue.map(describedCase) })),
    get: os.checks.get.handler(({ input: { id, afterCase } }) => {
      const stored = get(id);
      const { signing } = stored.subject;
      return {
        ...toCheck(stored, checks.waitingOf(id)),
        schemeOptions: signing === null ? null : givenOptions(signing),
        cases: [...casesOf(database, stored.seq, afterCase)],
      };
    }),
    cancel: os.checks.cancel.handler(async ({ input: { id } }) => {
      const { status } = get(id);
      if (!(await checks.cancel(id))) throw conflict('id', `This check is ${status} already; there is nothing left to cancel.`);
      return toCheck(get(id), null);
    }),
    remove: os.checks.remove.handler(async ({ input: { id } }) => {
      get(id);
      await checks.cancel(id);
      await database.write((writer) => deleteCheck(writer, id));
      changes.publish('checks', [id]);
      return { id };
    }),
  };

  /** An endpoint for a URL, which must have its secret: one made here would be known to nobody. */
  function targetOf(target: NewTarget | undefined, creator: string): EndpointConfig {
    if (target === undefined) throw invalid('target', 'Give endpointId or target.');
    const filled = withoutUnusedSigning(auths, filledEndpoint(profiles, target), target, 'target.authId');
    const auth = filled.authId === null ? undefined : auths.find(filled.authId);
    const isSignedByAuth = auth !== undefined && partOf(auth, 'signature') !== undefined;
    if (filled.signing !== null && target.secret === undefined && !isSignedByAuth)
      throw invalid(
        'target.secret',
        'Give the secret that the receiver verifies with, or set signing to null to check it without a signature.',
      );
    return newConfig(filled, { id: ids.next('ep'), creator, nowMs: clock.now(), isOneOff: true }).config;
  }
}

/** The cases that are run; the genuine one always, since all others are measured by it. Throws a Refusal for a name that there is not. */
function chosenCases({ only, without = [] }: Pick<NewCheck, 'only' | 'without'>): readonly AnyCase[] {
  const isNamed = (names: readonly string[], { id, family }: AnyCase) => names.includes(id) || names.includes(family);
  for (const [path, names] of [
    ['only', only ?? []],
    ['without', without],
  ] as const)
    for (const [index, name] of names.entries())
      if (!catalogue.some((one) => isNamed([name], one)))
        throw invalid(`${path}.${index}`, `There is no case and no family of cases ${name}; GET /api/checks/cases lists them.`);
  return catalogue.filter((one) => one.family === 'genuine' || ((only === undefined || isNamed(only, one)) && !isNamed(without, one)));
}

/** A check as the contract shows it. */
function toCheck({ seq: _seq, subject, counts, defects, ...stored }: StoredCheck, waiting: string | null): Check {
  const { signing, ...shown } = subject;
  return { ...stored, ...shown, waiting, scheme: signing?.scheme ?? null, counts: { ...counts }, defects: [...defects] };
}
