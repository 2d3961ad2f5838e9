import type { HeaderField } from '#shared/contract/common.ts';
import { givenHead } from '#shared/contract/given-head.ts';
import type { HeaderChanges } from '#shared/contract/relay-targets.ts';
import { headersToSendOn } from '#shared/text/connection-headers.ts';
import { headerNameTest, isSameHeader } from '#shared/text/headers.ts';
import type { GivenHead } from '../base/given-head.ts';
import type { PathBehindBin } from '../capture/request-target.ts';
import { listed } from '../signing/header-values.ts';
import type { TargetConfig } from './config.ts';
import { relayHeader } from './relay-mark.ts';
import { mapTarget } from './target-url.ts';

/** A captured request on its way on. */
export interface CapturedRequest {
  readonly method: string;
  readonly behindBin: PathBehindBin;
  readonly headers: readonly HeaderField[];
  readonly trailerNames: readonly string[];
  /** The relays that it went through before. */
  readonly through: readonly string[];
}

/** The head of the request that goes to one target, or why there is none. */
export type ForwardedHead = { readonly head: GivenHead } | { readonly problem: 'path' | 'unsendable' };

/** Where it goes to, by whose relay. */
export interface ForwardedTo {
  readonly relayId: string;
  readonly url: string | null;
  /** Names of the headers that the authentication of the endpoint writes. */
  readonly authHeaders: readonly string[];
}

/** Makes the request to a target out of the captured one, and says in sentences what is other. The body stays as it is. */
export function forwardedHead(
  request: CapturedRequest,
  target: Pick<TargetConfig, 'path' | 'query' | 'headers' | 'as' | 'withAuth'>,
  /** The URL is null where it has variables, and a path of a stranger cannot be appended before they have values. */
  { relayId, url, authHeaders }: ForwardedTo,
): ForwardedHead {
  const mapped = url === null ? { target: null } : mapTarget(url, request.behindBin, target);
  if ('problem' in mapped) return mapped;
  const isElsewhere = url !== null && mapped.target !== null && mapped.target !== ownTarget(url);
  const { headers, leftOut } = headersToSendOn(request.headers);
  const changed = changedHeaders(headers, target.headers);
  const mark: HeaderField = [relayHeader, [...request.through, relayId].join(', ')];
  const marked = [...changed.filter(([name]) => !isSameHeader(name, relayHeader)), mark];
  const isSigned = target.as === 'resigned';
  const parsed = givenHead.safeParse({ method: request.method, headers: marked, isSigned, isAuthenticated: target.withAuth });
  if (!parsed.success) return { problem: 'unsendable' };
  const changes = [
    'Host and Content-Length are written for the target.',
    ...(leftOut.length === 0 ? [] : [`Left out, since they are about one connection: ${listed(leftOut)}.`]),
    ...(request.trailerNames.length === 0 ? [] : [`The trailers are left out: ${listed(request.trailerNames)}.`]),
    ...headerSentences(headers, target.headers),
    ...(target.withAuth ? authSentences(changed, authHeaders) : []),
    `${relayHeader} is added, so that a request that goes round is noticed.`,
    ...(isSigned ? ['It is signed anew.'] : []),
    `${request.behindBin.path}${request.behindBin.query === '' ? '' : `?${request.behindBin.query}`} became ${mapped.target ?? 'the path of the endpoint'}.`,
  ];
  return { head: { ...parsed.data, ...(isElsewhere ? { target: mapped.target } : {}), changes } };
}

function ownTarget(url: string): string {
  const own = new URL(url);
  return `${own.pathname}${own.search}`;
}

function changedHeaders(headers: readonly HeaderField[], { set, remove }: HeaderChanges): readonly HeaderField[] {
  const names = Object.keys(set);
  if (names.length === 0 && remove.length === 0) return headers;
  const isRemoved = headerNameTest(remove);
  const placed = new Set<string>();
  const kept = headers.flatMap((field): readonly HeaderField[] => {
    const name = names.find((each) => isSameHeader(each, field[0]));
    if (name === undefined) return isRemoved(field[0]) ? [] : [field];
    if (placed.has(name)) return [];
    placed.add(name);
    return [[name, set[name] ?? '']];
  });
  return [...kept, ...names.filter((name) => !placed.has(name)).map((name): HeaderField => [name, set[name] ?? ''])];
}

function headerSentences(headers: readonly HeaderField[], { set, remove }: HeaderChanges): readonly string[] {
  const had = (name: string) => headers.some(([each]) => isSameHeader(each, name));
  const names = Object.keys(set);
  const removed = remove.filter((name) => had(name) && !names.some((other) => isSameHeader(other, name)));
  const replaced = names.filter(had);
  const added = names.filter((name) => !had(name));
  return [
    ...(removed.length === 0 ? [] : [`Removed by the relay: ${listed(removed)}.`]),
    ...(replaced.length === 0 ? [] : [`Set by the relay: ${listed(replaced)}.`]),
    ...(added.length === 0 ? [] : [`Added by the relay: ${listed(added)}.`]),
  ];
}

/** What the headers of an authentication do to those that came. */
function authSentences(headers: readonly HeaderField[], names: readonly string[]): readonly string[] {
  const has = (name: string) => headers.some(([each]) => isSameHeader(each, name));
  const replaced = names.filter(has);
  const added = names.filter((name) => !has(name));
  return [
    ...(replaced.length === 0 ? [] : [`Replaced by that of the endpoint's authentication: ${listed(replaced)}.`]),
    ...(added.length === 0 ? [] : [`Added by the endpoint's authentication: ${listed(added)}.`]),
  ];
}
