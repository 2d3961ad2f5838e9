import type { SolverMatch } from '#shared/contract/solving.ts';
import { base64OfBytes, bytesOfBase64, utf8OrNull } from '../../ui/body-format.ts';
import type { VerifyInput } from './verify-input.ts';

/** An endpoint or bin with the fingerprints of its secrets. */
interface Owner {
  readonly id: string;
  readonly fingerprints: readonly string[];
}

/** What a change is applied to. */
export interface AppliedTo {
  readonly owners: readonly Owner[];
  readonly secrets: readonly string[];
}

/** The signed part of a match that has a name, as bytes; null where there is none, or several. */
export function signedPart({ signed }: SolverMatch, name: string): Uint8Array<ArrayBuffer> | null {
  if (signed === null) return null;
  const [part, ...others] = signed.parts.filter((candidate) => candidate.name === name);
  return part === undefined || others.length > 0 ? null : bytesOfBase64(signed.base64).slice(part.start, part.end);
}

/** What the form has to hold for a match to be valid as it stands; null where no form can express the change. */
export function appliedMatch(match: SolverMatch, form: AppliedTo): Partial<VerifyInput> | null {
  // Two changes of one secret would each put right the text that was typed, and not what the other made of it.
  if (match.causes.filter(({ kind }) => kind === 'secret').length > 1) return null;
  const changes = match.causes.map((cause) => {
    switch (cause.kind) {
      case 'body':
        return bodyChange(signedPart(match, 'body'));
      case 'secret':
        return secretChange(cause.id, match, form);
      case 'string':
        return urlChange(cause.id, signedPart(match, 'url'));
      case 'scheme':
        return match.scheme === 'custom' ? null : { scheme: match.scheme };
      case 'encoding':
      case 'algorithm':
        return null;
    }
  });
  const possible = changes.filter((change) => change !== null);
  if (possible.length === 0 || possible.length < changes.length) return null;
  return Object.assign({}, ...possible) as Partial<VerifyInput>;
}

function bodyChange(body: Uint8Array | null): Partial<VerifyInput> | null {
  if (body === null) return null;
  const text = utf8OrNull(body);
  const kept = { file: null, lineEnding: 'asPasted' } as const;
  return text === null ? { ...kept, body: base64OfBytes(body), encoding: 'base64' } : { ...kept, body: text, encoding: 'text' };
}

/** How a secret that was typed is put right. */
const repairs: Readonly<Record<string, (secret: string) => string>> = {
  'secret-trimmed': (secret) => secret.trim(),
  'secret-unquoted': (secret) => secret.trim().replace(/^(["'`])(.*)\1$/s, '$2'),
  'secret-spaces-removed': (secret) => secret.replaceAll(/\s+/g, ''),
  'secret-prefix-added': (secret) => `whsec_${secret}`,
  'secret-lower-case': (secret) => secret.toLowerCase(),
  'secret-upper-case': (secret) => secret.toUpperCase(),
};

/** Another owner's secret is chosen, since secrets never come back from the engine; the one secret that was typed is put right. */
function secretChange(id: string, { secretFingerprint }: SolverMatch, { owners, secrets }: AppliedTo): Partial<VerifyInput> | null {
  if (id === 'secret-of-another') {
    const owner = owners.find(({ fingerprints }) => fingerprints.includes(secretFingerprint));
    return owner === undefined ? null : { secretsOf: owner.id };
  }
  const repair = repairs[id];
  const [typed, ...others] = secrets.filter((secret) => secret !== '');
  return repair === undefined || typed === undefined || others.length > 0 ? null : { secrets: [repair(typed)] };
}

function urlChange(id: string, url: Uint8Array | null): Partial<VerifyInput> | null {
  const text = url === null ? '' : new TextDecoder().decode(url);
  return /url/.test(id) && /^https?:\/\//i.test(text) ? { url: text } : null;
}
