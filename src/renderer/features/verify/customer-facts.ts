import { hexText } from '#shared/text/bytes.ts';
import type { CustomerFacts } from '#shared/customer-text.ts';
import { maskIn } from '#shared/import/header-doubts.ts';
import { findHeader } from './recognise.ts';
import { readInput } from './verify-input.ts';
import type { VerifyState } from './verify-state.ts';

/** What the page knows about a signature that does not match or could not be checked, for a text to the sender. */
export function customerFacts({ input, schemes, owners, verification }: VerifyState, typed: readonly string[]): CustomerFacts {
  const reading = readInput(input, schemes);
  const scheme = schemes.find(({ id }) => id === (verification?.scheme ?? reading.scheme)) ?? null;
  const isThere = (name: string) => {
    const found = findHeader(reading.header.headers, name);
    return found !== null && maskIn(found.value) === null;
  };
  const owner = owners.find(({ id }) => id === input.secretsOf);
  return {
    scheme: scheme?.title ?? null,
    secretHint: scheme?.secretHint ?? null,
    isCompared: verification?.verdict === 'invalid' && !verification.reason.startsWith('header_'),
    isKeyPair: scheme?.keyKind === 'pair',
    missingHeaders: (scheme?.headers ?? []).filter((name) => !isThere(name)),
    isUrlSigned:
      verification?.reason === 'request_incomplete' || (verification?.parts ?? []).some(({ name }) => /url|path|target|host/i.test(name)),
    bodyBytes: reading.body.ok ? reading.body.bytes.length : 0,
    fingerprints: [...typed, ...(owner?.fingerprints ?? [])],
  };
}

/** The fingerprints of secrets as they are typed: the first 8 hex digits of the SHA-256 of their text. */
export function fingerprintsOf(secrets: readonly string[]): Promise<readonly string[]> {
  const typed = secrets.filter((secret) => secret !== '');
  return Promise.all(
    typed.map(async (secret) =>
      hexText(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(secret)))).slice(0, 8),
    ),
  );
}
