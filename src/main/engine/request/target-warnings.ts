import { headerNameTest } from '#shared/text/headers.ts';
import type { HeaderField, RefusalData, Warning } from '#shared/contract/common.ts';
import { activeSecrets, type EndpointConfig } from '../endpoints/config.ts';
import { Refusal } from '../base/refusal.ts';
import { remarksOn } from '../signing/usable-secret.ts';
import { firstAttempt } from '../templates/attempt-scope.ts';
import type { AuthenticatedTarget } from './authenticator.ts';
import { buildRequest } from './build-request.ts';
import { assertResolvable } from './resolve-target.ts';
import type { Variables } from '../templates/variables.ts';

type HeaderNames = Pick<EndpointConfig, 'headers' | 'retryHeaders' | 'secretHeaders' | 'metaHeaders'>;

/** Warnings about a target that can be sent to: headers and schemes that are replaced, secrets that are weak. */
export function targetWarnings(target: EndpointConfig, ready: AuthenticatedTarget, nowMs: number): Warning[] {
  const secrets = activeSecrets(ready, nowMs);
  return [
    ...authWarnings(target, ready),
    ...headerWarnings(target, signatureOf(ready, secrets, nowMs)),
    // The secrets of an authentication are warned about where it is changed.
    ...(ready.isSignedByAuth ? [] : secretWarnings(target, secrets)),
  ];
}

/** Why nothing could be sent to a target that can be saved, with the variables that are in use now. */
export function variableWarnings(target: EndpointConfig, variables: Variables): Warning[] {
  try {
    assertResolvable(target, variables);
    return [];
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'INPUT_INVALID') throw error;
    const { issues } = error.data as RefusalData<'INPUT_INVALID'>;
    return issues.map(({ path, message }) => ({ code: 'VARIABLE_MISSING', message, path }));
  }
}

/** What a target sets itself but its authentication replaces. */
export function authWarnings(target: EndpointConfig, ready: AuthenticatedTarget): Warning[] {
  if (target.authId === null) return [];
  const isKept = (name: string, path: 'headers' | 'retryHeaders' | 'secretHeaders') => ready[path][name] === target[path][name];
  const replaced = (['headers', 'retryHeaders', 'secretHeaders'] as const).flatMap((path) =>
    Object.keys(target[path]).flatMap((name) =>
      isKept(name, path)
        ? []
        : [
            {
              code: 'HEADER_REPLACED',
              message: `${name} is written by the authentication; your value is not sent. Remove the header.`,
              path: `${path}.${name}`,
            },
          ],
    ),
  );
  if (target.signing === null || !ready.isSignedByAuth) return replaced;
  const message = 'The authentication signs the requests; the scheme and secret of the endpoint itself are kept but not used.';
  return [...replaced, { code: 'SIGNING_REPLACED', message, path: 'signing' }];
}

/** Headers set by hand that the signature, or the headers naming delivery and attempt, replace. */
export function headerWarnings(
  { headers, retryHeaders, secretHeaders, metaHeaders }: HeaderNames,
  signature: readonly HeaderField[],
): Warning[] {
  const isBySigning = headerNameTest(signature.map(([name]) => name));
  const byMeta = new Map(Object.entries(metaHeaders).flatMap(([field, name]) => (name === null ? [] : [[name.toLowerCase(), field]])));
  const replaced = (name: string, path: string, by: string): Warning => ({
    code: 'HEADER_REPLACED',
    message: `${name} is written by ${by}; your value is not sent. Remove the header.`,
    path,
  });
  const byHand = [
    ...Object.keys(headers).map((name) => ({ name, path: `headers.${name}` })),
    ...Object.keys(retryHeaders).map((name) => ({ name, path: `retryHeaders.${name}` })),
    ...Object.keys(secretHeaders).map((name) => ({ name, path: `secretHeaders.${name}` })),
  ];
  return [
    ...byHand.flatMap(({ name, path }) => {
      if (isBySigning(name)) return [replaced(name, path, 'signing')];
      const field = byMeta.get(name.toLowerCase());
      return field === undefined ? [] : [replaced(name, path, `the setting for ${metaWords[field as keyof typeof metaWords]}`)];
    }),
    ...[...byMeta].flatMap(([name, field]) =>
      isBySigning(name)
        ? [
            {
              code: 'HEADER_REPLACED',
              message: `${name} is written by signing, so it does not tell ${metaWords[field as keyof typeof metaWords]}. Use another name.`,
              path: `metaHeaders.${field}`,
            },
          ]
        : [],
    ),
  ];
}

const metaWords: Readonly<Record<keyof EndpointConfig['metaHeaders'], string>> = {
  deliveryId: 'the delivery id',
  attempt: 'the number of the attempt',
  eventType: 'the event type',
};

/** Secrets that are odd for their scheme, or that can be guessed. */
export function secretWarnings({ signing }: Pick<EndpointConfig, 'signing'>, secrets: readonly string[]): Warning[] {
  if (signing === null) return [];
  return remarksOn(secrets, signing).map((message) => ({ code: 'SECRET_WEAK', message, path: 'secret' }));
}

/** The header fields that signing writes for a target, by signing a message that is not sent. */
function signatureOf(target: AuthenticatedTarget, secrets: readonly string[], nowMs: number): readonly HeaderField[] {
  if (target.signing === null || secrets.length === 0) return [];
  try {
    const trial = {
      id: 'msg_trial',
      body: Buffer.from('{}'),
      nowMs,
      secrets,
      deliveryId: 'dlv_trial',
      ...firstAttempt,
      eventType: 'trial',
    };
    return buildRequest(target, trial).signed?.headers ?? [];
  } catch (error) {
    // Some schemes sign only bodies of a certain form; their headers are seen when one is sent.
    if (error instanceof Refusal) return [];
    throw error;
  }
}
