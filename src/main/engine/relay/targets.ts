import { endpointInput } from '#shared/contract/endpoints.ts';
import { targetUrlFields, type PathMapping, type RelayTargetInput } from '#shared/contract/relay-targets.ts';
import type { Signing } from '#shared/contract/signing.ts';
import type { Ids } from '../base/ports.ts';
import { invalid, Refusal } from '../base/refusal.ts';
import type { EndpointBook } from '../endpoints/book.ts';
import { activeSecrets, type EndpointConfig } from '../endpoints/config.ts';
import { literalUrl } from '../endpoints/literal-url.ts';
import { newConfig } from '../endpoints/new-config.ts';
import { assertKnownPolicy, type PolicyBook } from '../policies/book.ts';
import type { TargetConfig } from './config.ts';

export interface TargetDeps {
  readonly ids: Ids;
  readonly endpoints: Pick<EndpointBook, 'getOwn' | 'find'>;
  readonly policies: Pick<PolicyBook, 'find'>;
}

/** The bin of a relay, whose scheme and secret a target may sign with. */
export interface SigningBin {
  readonly signing: Signing | null;
  readonly secrets: readonly string[];
}

/** A target as it is kept, with the endpoint that is made for its URL; null for one of the list. */
export interface ReadyTarget {
  readonly target: TargetConfig;
  readonly own: EndpointConfig | null;
}

interface Made {
  readonly relayId: string;
  readonly relayName: string;
  readonly bin: SigningBin;
  /** Targets of the relay as it is, by id. */
  readonly before: ReadonlyMap<string, TargetConfig>;
  readonly creator: string;
  readonly nowMs: number;
}

/** Makes targets of what was given. Throws a Refusal that names each wrong field by its place in the list. */
export function readyTargets(deps: TargetDeps, inputs: readonly RelayTargetInput[], made: Made): readonly ReadyTarget[] {
  const issues: Refusal<'INPUT_INVALID'>['data']['issues'] = [];
  const ready: ReadyTarget[] = [];
  for (const [index, input] of inputs.entries()) {
    try {
      const each = readyTarget(deps, input, made);
      const isTwice = ready.some(({ target }) => target.endpointId === each.target.endpointId);
      if (isTwice) throw invalid('endpointId', 'This target is in the list twice: put what it should get into one filter.');
      ready.push(each);
    } catch (error) {
      issues.push(...issuesAt(error, `targets.${index}.`));
    }
  }
  if (issues.length === 0) return ready;
  throw new Refusal('INPUT_INVALID', issues.map(({ message }) => message).join(' '), { issues });
}

function readyTarget(deps: TargetDeps, input: RelayTargetInput, made: Made): ReadyTarget {
  const { endpointId, url, match, headers, as } = input;
  if (endpointId === undefined && url === undefined)
    throw invalid('url', 'Say where to: give an endpointId, or a url such as http://127.0.0.1:3000/webhooks.');
  if (endpointId !== undefined && url !== undefined)
    throw invalid('url', 'Give either an endpointId or a url: add a second target for the other.');
  const before = input.id === undefined ? undefined : made.before.get(input.id);
  if (input.id !== undefined && before === undefined)
    throw invalid('id', `The relay has no target ${input.id}: leave the id out for a new one.`);
  const path: PathMapping = input.path ?? (url === undefined ? 'drop' : 'append');
  const shared = { match, path, query: input.query ?? { keep: path !== 'drop', set: {}, remove: [] }, headers, as };
  if (url === undefined) {
    const endpoint = listedEndpoint(deps, input, endpointId ?? '');
    const saved = before?.endpointId === endpoint.id ? before.withAuth : undefined;
    const withAuth = input.withAuth ?? saved ?? endpoint.authId !== null;
    return { own: null, target: { endpointId: endpoint.id, isOwn: false, name: input.name, ...shared, withAuth } };
  }
  if (input.withAuth === true)
    throw invalid('withAuth', 'A URL has no authentication: leave this out, or make an endpoint with one and give its endpointId.');
  const own = ownEndpoint(deps, { ...input, url }, before?.isOwn === true ? (deps.endpoints.find(before.endpointId) ?? null) : null, made);
  return { own, target: { endpointId: own.id, isOwn: true, name: input.name, ...shared, withAuth: false } };
}

function listedEndpoint({ endpoints }: TargetDeps, input: RelayTargetInput, endpointId: string): EndpointConfig {
  const endpoint = endpoints.getOwn(endpointId);
  const extra = targetUrlFields.find((field) => input[field] !== undefined);
  if (extra !== undefined) throw invalid(extra, `An endpoint has its own settings: leave ${extra} out, or give a url.`);
  if (input.withAuth === true && endpoint.authId === null)
    throw invalid('withAuth', `${endpoint.name} has no authentication: choose one for it first, or leave this out.`);
  if (input.as === 'resigned' && endpoint.signing === null && endpoint.authId === null)
    throw invalid('as', `${endpoint.name} does not sign: forward as received, or choose a signing scheme for the endpoint.`);
  return endpoint;
}

function ownEndpoint(
  { ids, policies }: TargetDeps,
  input: RelayTargetInput & { readonly url: string },
  before: EndpointConfig | null,
  { relayId, relayName, bin, creator, nowMs }: Made,
): EndpointConfig {
  if (input.retryPolicy !== undefined) assertKnownPolicy(policies, input.retryPolicy, 'retryPolicy');
  const { retryPolicy, rateLimit, maxConcurrency, isOrdered, timeoutMs, verifyTls, successRule } = input;
  const given = { retryPolicy, rateLimit, maxConcurrency, isOrdered, timeoutMs, verifyTls, successRule };
  const signed = input.as === 'resigned' ? signingOf(input, bin, before, nowMs) : unsigned(input);
  const { config } = newConfig(
    endpointInput.parse({
      name: (input.name === '' ? `${relayName} to ${hostOf(input.url)}` : `${relayName}: ${input.name}`).slice(0, 200),
      url: literalUrl(input.url),
      ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
      ...signed,
    }),
    { id: before?.id ?? ids.next('ep'), creator: before?.creator ?? creator, nowMs, isOneOff: true, relayId },
  );
  return before === null ? config : { ...config, createdAtMs: before.createdAtMs };
}

function hostOf(url: string): string {
  return URL.parse(url)?.host ?? url;
}

function unsigned({ signing, secret }: RelayTargetInput): { readonly signing: null } {
  const extra = signing !== undefined ? 'signing' : secret !== undefined ? 'secret' : null;
  if (extra !== null) throw invalid(extra, `It is forwarded with the signature that it has: leave ${extra} out, or use "as": "resigned".`);
  return { signing: null };
}

function signingOf(
  input: RelayTargetInput,
  bin: SigningBin,
  before: EndpointConfig | null,
  nowMs: number,
): { readonly signing: Signing; readonly secret: string } {
  const signing = input.signing ?? before?.signing ?? bin.signing;
  if (signing === null) throw invalid('signing', 'Say how to sign: give a scheme, since the bin verifies none.');
  const kept = before?.signing?.scheme === signing.scheme ? activeSecrets(before, nowMs)[0] : undefined;
  // The secret of the bin is for the scheme of the bin.
  const ofBin = bin.signing?.scheme === signing.scheme ? bin.secrets[0] : undefined;
  const secret = input.secret ?? kept ?? ofBin;
  if (secret === undefined) throw invalid('secret', 'Give the secret to sign with, since the bin has none for this scheme.');
  return { signing, secret };
}

/** What a refusal says of one target, with the place of that target before its paths. Throws everything else. */
function issuesAt(error: unknown, prefix: string): Refusal<'INPUT_INVALID'>['data']['issues'] {
  if (!(error instanceof Refusal)) throw error;
  if (error.code === 'NOT_FOUND') return [{ path: `${prefix}endpointId`, message: error.message }];
  if (error.code !== 'INPUT_INVALID') throw error;
  const { issues } = (error as Refusal<'INPUT_INVALID'>).data;
  return issues.map(({ path, message }) => ({ path: `${prefix}${path}`, message }));
}
