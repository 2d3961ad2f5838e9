import { streamDefaults, type NewTarget } from '#shared/contract/endpoints.ts';
import { isRunUrl, type Run, type RunStep } from '#shared/contract/project-runs.ts';
import type { Signing } from '#shared/contract/signing.ts';
import { builtInProfileIds } from '#shared/profiles/index.ts';
import { nearestName } from '#shared/names/nearest-name.ts';
import type { Clock, Ids } from '../base/ports.ts';
import { invalid, Refusal } from '../base/refusal.ts';
import { withoutUndefined } from '../base/without-undefined.ts';
import type { EndpointBook } from '../endpoints/book.ts';
import type { EndpointConfig } from '../endpoints/config.ts';
import { hasOtherSecrets } from '../endpoints/follow-copies.ts';
import { newConfig } from '../endpoints/new-config.ts';
import { testCopy } from '../endpoints/test-copy.ts';
import type { NewMessage } from '../messages/new-message.ts';
import type { ProfileBook } from '../profiles/book.ts';
import { filledEndpoint } from '../profiles/fill.ts';
import type { SecretValues } from '../project/resolve-secrets.ts';
import { assertSignable } from '../signing/usable-secret.ts';

export interface TargetDeps {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly endpoints: Pick<EndpointBook, 'find' | 'listed'>;
  readonly profiles: Pick<ProfileBook, 'find' | 'named'>;
}

/** Whose targets these are. */
export interface TargetOrder {
  readonly name: string;
  readonly run: Run;
  /** In place of all targets of the run; undefined for those. */
  readonly to: string | undefined;
  readonly secrets: SecretValues;
  readonly creator: string;
}

/** Where the steps of a run are sent to. */
export interface RunTargets {
  /** The endpoint of a step; throws a Refusal where there is none. */
  readonly of: (step: RunStep, number: number) => EndpointConfig;
  /** Throws a Refusal for a copy of an endpoint that was deleted after the run began, or whose secrets it has and were replaced. */
  readonly assertCurrent: (endpoint: EndpointConfig) => void;
  /** One as it is to be written with its first message, since what no delivery goes to would never be removed; undefined where it was. */
  readonly unsaved: (endpoint: EndpointConfig) => NewMessage['unsaved'];
  readonly noteSaved: (endpoint: EndpointConfig) => void;
}

/**
 * The targets of a run, all of them endpoints in no list: test copies of those of the workspace, which are retried as those are, and
 * others for URLs and for steps that are signed otherwise. The latter are called like the run, by which its deliveries are known in the log.
 */
export function createTargets(deps: TargetDeps, order: TargetOrder): RunTargets {
  const { endpoints, profiles, ids, clock } = deps;
  const { run, secrets, creator } = order;
  const name = `run ${order.name}`;
  const made = new Map<string, EndpointConfig>();
  const saved = new Set<string>();
  const facts = () => ({ id: ids.next('ep'), creator, nowMs: clock.now(), isOneOff: true });
  const secretOf = (reference: RunStep['secret']) => (reference === undefined ? undefined : secrets.get(reference.$secret));

  const ofUrl = (url: string, path: string): EndpointConfig => {
    const own = run.to === undefined || isRunUrl(run.to) ? run : null;
    const given = withoutUndefined({
      name,
      url,
      profile: own?.profile === undefined ? undefined : profileOf(profiles, own.profile, `runs.${order.name}.profile`),
      signing: own?.signing === undefined && own?.profile === undefined ? null : own?.signing,
      secret: secretOf(own?.secret),
      verifyTls: own?.verifyTls,
      timeoutMs: own?.timeoutMs,
      retryPolicy: 'none',
    }) as NewTarget;
    const filled = filledEndpoint(profiles, given);
    if (filled.signing !== null && given.secret === undefined)
      throw invalid(path, 'Its profile signs: say where the secret is, such as secret: env:WEBHOOK_SECRET.');
    return newConfig({ ...filled, ...streamDefaults }, facts()).config;
  };
  /** What copies were made of, as it was then. */
  const sources = new Map<string, EndpointConfig>();
  const copyOf = (endpoint: EndpointConfig, now = facts()) => {
    const copy = testCopy(endpoint, now, endpoint.retryPolicy);
    const source = endpoint.isOneOff ? sources.get(endpoint.id) : endpoint;
    if (source !== undefined) sources.set(copy.id, source);
    return copy;
  };
  /** It goes elsewhere, or says something else than the endpoint: what comes of it is no test of that, though it may have its secrets. */
  const changed = (endpoint: EndpointConfig, change: Partial<EndpointConfig>): EndpointConfig => {
    const ending = ` (${name})`;
    const isLabelled = endpoint.name === name || (endpoint.testOf === null && endpoint.name.endsWith(ending));
    const label = isLabelled ? endpoint.name : `${endpoint.name}${ending}`.slice(0, 200);
    return { ...copyOf(endpoint), ...change, name: label, testOf: null };
  };
  const usual = (to: string | undefined, path: string): EndpointConfig => {
    if (to === undefined) throw invalid(path, 'Say where to: give an endpoint or a URL as to, or with --to.');
    return isRunUrl(to) ? ofUrl(to, path) : copyOf(listedEndpoint(endpoints, to, path));
  };
  const assertCurrent = ({ id, copyOf: sourceId, testOf }: EndpointConfig): void => {
    const source = sourceId === null ? undefined : endpoints.find(sourceId);
    const before = sources.get(id);
    if (source?.isDeleted === true) throw new Refusal('CONFLICT', `the endpoint ${source.name} was deleted meanwhile.`, { issues: [] });
    // What was written and is a test of it follows it.
    if (source === undefined || before === undefined || (testOf !== null && saved.has(id))) return;
    if (hasOtherSecrets(before, source))
      throw new Refusal('CONFLICT', `the secrets of the endpoint ${source.name} were replaced meanwhile: run it again.`, { issues: [] });
  };
  const once = (key: readonly unknown[], make: () => EndpointConfig): EndpointConfig => {
    const text = JSON.stringify(key);
    const known = made.get(text) ?? make();
    made.set(text, known);
    return known;
  };

  return {
    of: (step, number) => {
      const own = step.to ?? run.to;
      const path = step.to === undefined ? `runs.${order.name}.to` : `runs.${order.name}.steps.${number - 1}.to`;
      // To another URL, requests are signed as for the endpoint that the run names.
      const isMoved = order.to !== undefined && isRunUrl(order.to) && own !== undefined && !isRunUrl(own);
      const to = isMoved ? own : (order.to ?? own);
      const base = once([to], () => usual(to, path));
      const moved = isMoved ? once([to, order.to], () => changed(base, { url: order.to ?? '' })) : base;
      if (step.signing !== undefined)
        return once([to, order.to, step.signing, step.secret], () =>
          changed(moved, signedBy(step.signing as Signing, secretOf(step.secret))),
        );
      const isRequest = step.method !== undefined || step.path !== undefined || step.headers !== undefined;
      return step.sign || isRequest ? moved : once([to, order.to, false], () => changed(moved, notSigned));
    },
    assertCurrent,
    unsaved: (endpoint) => {
      if (saved.has(endpoint.id)) {
        assertCurrent(endpoint);
        return undefined;
      }
      const source = endpoint.testOf === null ? undefined : endpoints.find(endpoint.testOf);
      const isThere = source !== undefined && !source.isDeleted;
      const now = isThere ? copyOf(source, { ...facts(), id: endpoint.id }) : endpoint;
      return { endpoint: now, assertCurrent: () => assertCurrent(now) };
    },
    noteSaved: ({ id }) => void saved.add(id),
  };
}

/** Of an authentication that signs, only its other parts are left. */
type OwnSigning = Pick<EndpointConfig, 'signing' | 'secrets' | 'hasOwnSigning'>;

const notSigned: OwnSigning = { signing: null, secrets: [], hasOwnSigning: true };

function signedBy(signing: Signing, secret = ''): OwnSigning {
  assertSignable(secret, signing, '');
  return { signing, secrets: [{ secret, expiresAtMs: null }], hasOwnSigning: true };
}

/** The id of a profile by its name or id, as other entries of a project name one. Throws a Refusal. */
function profileOf(profiles: TargetDeps['profiles'], given: string, path: string): string {
  const found = profiles.find(given) ?? profiles.named(given);
  if (found !== undefined) return found.id;
  const nearest = nearestName(given, builtInProfileIds);
  const hint = nearest === null ? '"hookyard apply" makes those of the project' : `did you mean ${nearest}?`;
  throw invalid(path, `The workspace has no profile ${given}; ${hint}`);
}

/** An endpoint of the list by its name or id. Throws a Refusal. */
export function listedEndpoint(endpoints: Pick<EndpointBook, 'listed'>, to: string, path: string): EndpointConfig {
  const listed = endpoints.listed();
  const [found, ...others] = listed.filter(({ id, name }) => id === to || name.toLowerCase() === to.toLowerCase());
  if (found === undefined) {
    const nearest = nearestName(to, listed.map(({ name }) => name).slice(0, 500));
    const hint = nearest === null ? '"hookyard apply" makes those of the project' : `did you mean ${nearest}?`;
    throw invalid(path, `The workspace has no endpoint ${to}; ${hint}`);
  }
  if (others.length > 0)
    throw invalid(path, `${others.length + 1} endpoints are called ${to}: rename the others, or give --to with an id.`);
  return found;
}
