import type { Auth, AuthKind, AuthPart, AuthPartInput } from '#shared/contract/auths.ts';
import type { Signing } from '#shared/contract/signing.ts';
import type { FormWords } from '../../base/form-words.ts';

/** One part while it is edited. It has the fields of every kind, so that choosing another kind loses nothing. */
export interface PartDraft {
  /** Identifies it in the form. */
  readonly key: string;
  readonly kind: AuthKind;
  /** Whether the engine has its secret, which then stays unless another is typed. */
  readonly isStored: boolean;
  readonly signing: Signing;
  readonly username: string;
  /** Of a header or a query parameter. */
  readonly name: string;
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly sendAs: 'header' | 'body';
  readonly scope: string;
  readonly audience: string;
  readonly form: 'pem' | 'pkcs12';
  /** Of authorities, in PEM. */
  readonly certificates: string;
}

/** What is typed of the secrets of a part; empty fields keep what the engine has. */
export interface SecretDraft {
  readonly value?: string;
  readonly certificate?: string;
  readonly privateKey?: string;
  readonly pkcs12Base64?: string;
  readonly passphrase?: string;
}

/** An authentication while it is edited. `secret` has that name because no field of that name is kept when the page is left. */
export interface AuthDraft {
  readonly name: string;
  readonly description: string;
  readonly parts: readonly PartDraft[];
  /** By the key of the part. */
  readonly secret: Readonly<Record<string, SecretDraft>>;
}

/** The kinds as they are offered. */
export const kindLabels: Readonly<Record<AuthKind, string>> = {
  signature: 'Signature',
  basic: 'Basic (user name and password)',
  bearer: 'Bearer token',
  header: 'Key in a header',
  query: 'Key in the query of the URL',
  oauth2: 'OAuth 2 client credentials',
  'mutual-tls': 'Client certificate (mutual TLS)',
  ca: 'Trusted authority',
};

/** The kinds as they stand in a list: `Signature, Bearer token`. */
const shortLabels: Readonly<Record<AuthKind, string>> = {
  ...kindLabels,
  basic: 'Basic',
  header: 'Header key',
  query: 'Query key',
  oauth2: 'OAuth 2',
  'mutual-tls': 'Mutual TLS',
};

const blankPart: Omit<PartDraft, 'key' | 'kind'> = {
  isStored: false,
  signing: { scheme: 'standard-webhooks' },
  username: '',
  name: '',
  tokenUrl: '',
  clientId: '',
  sendAs: 'header',
  scope: '',
  audience: '',
  form: 'pem',
  certificates: '',
};

/** A part of a kind with nothing in it; `others` are those beside it. */
export function newPart(kind: AuthKind, others: readonly PartDraft[]): PartDraft {
  const taken = new Set(others.map(({ key }) => key));
  let number = others.length + 1;
  while (taken.has(`new ${number}`)) number += 1;
  return { ...blankPart, key: `new ${number}`, kind };
}

/** Kinds of which there may be another one. */
export function kindsLeft(parts: readonly PartDraft[]): readonly AuthKind[] {
  const used = new Set(parts.map(({ kind }) => kind));
  const authorizing: readonly AuthKind[] = ['basic', 'bearer', 'oauth2'];
  const isAuthorized = authorizing.some((kind) => used.has(kind));
  return (Object.keys(kindLabels) as AuthKind[]).filter((kind) => {
    if (kind === 'header' || kind === 'query') return true;
    return !used.has(kind) && !(isAuthorized && authorizing.includes(kind));
  });
}

/** What a new authentication begins as: a signature. */
export const newAuth: AuthDraft = { name: '', description: '', parts: [{ ...blankPart, key: 'new 1', kind: 'signature' }], secret: {} };

/** The draft of an authentication as it is. */
export function authDraftOf({ name, description, parts }: Auth): AuthDraft {
  return { name, description, parts: parts.map(partDraftOf), secret: {} };
}

function partDraftOf(part: AuthPart): PartDraft {
  const base = { ...blankPart, key: part.id, kind: part.kind, isStored: true };
  switch (part.kind) {
    case 'signature':
      return { ...base, signing: part.signing };
    case 'basic':
      return { ...base, username: part.username };
    case 'header':
    case 'query':
      return { ...base, name: part.name };
    case 'oauth2': {
      const { tokenUrl, clientId, sendAs, scope, audience } = part;
      return { ...base, tokenUrl, clientId, sendAs, scope, audience };
    }
    case 'mutual-tls':
      return { ...base, form: part.form };
    case 'ca':
      return { ...base, certificates: part.certificates };
    case 'bearer':
      return base;
  }
}

/** The parts as the contract takes them: a secret that nobody typed is left out. */
export function partsOf({ parts, secret }: AuthDraft): AuthPartInput[] {
  return parts.map((part) => partInput(part, secret[part.key] ?? {}));
}

function partInput(part: PartDraft, { value = '', ...certificate }: SecretDraft): AuthPartInput {
  const typed = <Field extends string>(field: Field) => (value === '' ? {} : { [field]: value });
  switch (part.kind) {
    case 'signature':
      return { kind: 'signature', signing: part.signing, ...typed('secret') };
    case 'basic':
      return { kind: 'basic', username: part.username, ...typed('password') };
    case 'bearer':
      return { kind: 'bearer', ...typed('token') };
    case 'header':
      return { kind: 'header', name: part.name.trim(), ...typed('value') };
    case 'query':
      return { kind: 'query', name: part.name.trim(), ...typed('value') };
    case 'oauth2': {
      const { tokenUrl, clientId, sendAs, scope, audience } = part;
      return {
        kind: 'oauth2',
        tokenUrl: tokenUrl.trim(),
        clientId,
        sendAs,
        scope: scope.trim(),
        audience: audience.trim(),
        ...typed('clientSecret'),
      };
    }
    case 'mutual-tls': {
      const own: readonly (keyof typeof certificate)[] =
        part.form === 'pem' ? ['certificate', 'privateKey', 'passphrase'] : ['pkcs12Base64', 'passphrase'];
      const given = own.flatMap((field) => ((certificate[field] ?? '') === '' ? [] : [[field, certificate[field]]]));
      return { kind: 'mutual-tls', ...(Object.fromEntries(given) as SecretDraft) };
    }
    case 'ca':
      return { kind: 'ca', certificates: part.certificates };
  }
}

/** Parts in one line: `Signature, Bearer token`. */
export function partsText(parts: readonly { readonly kind: AuthKind; readonly name?: string }[]): string {
  return parts
    .map(({ kind, name = '' }) => (kind === 'header' || kind === 'query' ? `${shortLabels[kind]} ${name}`.trim() : shortLabels[kind]))
    .join(', ');
}

/** The fields of the form. */
export const authWords: FormWords = [
  { name: 'name', label: 'Name' },
  { name: 'description', label: 'Description' },
  { name: 'parts', label: 'Parts', say: (value) => partsText(value as readonly PartDraft[]) },
  { name: 'secret', label: 'Secrets', say: () => 'not shown' },
];
