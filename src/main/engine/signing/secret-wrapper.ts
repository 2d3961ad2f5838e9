import { Buffer } from 'node:buffer';
import { listed } from './header-values.ts';

/** What was copied together with a secret, or instead of it. */
export interface SecretWrapper {
  /** A sentence that says what it is and what to enter; it never quotes the secret. */
  readonly message: string;
  /** The secrets inside it, the likeliest first; empty when there are none. */
  readonly inner: readonly string[];
}

interface Layer {
  readonly clause: string;
  readonly inner: string;
}

/** More layers than a quoted value in a shell line has, and few enough to finish quickly. */
const layerLimit = 5;
const lengthLimit = 16_384;

/** Says what a secret is wrapped in, such as quotes or a shell line; null when it is not wrapped. */
export function wrapperOf(secret: string): SecretWrapper | null {
  if (secret.length > lengthLimit || secret.includes('-----BEGIN')) return null;
  const clauses: string[] = [];
  let text = secret;
  for (let around = layerOf(text); around !== null && clauses.length < layerLimit; around = layerOf(text)) {
    clauses.push(around.clause);
    text = around.inner;
  }
  const several = severalIn(text);
  if (several.length > 1) {
    const inner = several.map((one) => wrapperOf(one)?.inner[0] ?? one);
    const what = [...clauses, `holds ${several.length} secrets joined to one text`];
    return { message: `The secret ${listed(what)}: enter each of them by itself, from whsec_ on.`, inner };
  }
  if (clauses.length > 0) return { message: `The secret ${listed(clauses)}, which is no part of it: enter it without.`, inner: [text] };
  const apiKey = /^(?:sk|pk|rk)_(?:test|live)_/.exec(text)?.[0];
  if (apiKey === undefined) return null;
  return {
    message: `The secret begins with ${apiKey}, as keys of an API do: enter the secret that signs webhooks, which the sender shows beside the endpoint.`,
    inner: [],
  };
}

/** The outermost thing around a secret, or null. */
function layerOf(text: string): Layer | null {
  return (
    layer(text, /^(["'`])(.+)\1$/s, 2, 'stands in quotes') ??
    layer(text, /^[\u201c\u201e\u2018](.+)[\u201d\u201c\u2019]$/s, 1, 'stands in quotes') ??
    layer(text, /^(?:export|set|setx|env)\s+[A-Za-z_]\w*[ =]+(.*[^=].*)$/s, 1, 'has the command of a shell before it') ??
    layer(text, /^(?:\$env:)?[A-Z][A-Z0-9_]{2,}\s*=\s*([^=].*)$/s, 1, 'has the name of a variable before it') ??
    layer(text, /^["']?[A-Za-z][\w-]*["']?\s*:\s+(.+)$/s, 1, 'has a name and a colon before it') ??
    layer(text, /^(?:bearer|basic|token)\s+(.+)$/is, 1, 'has a word for a header before it (such as Bearer)') ??
    layer(text, /^v1a?,(wh(?:sec|sk|pk)_[^,|\s]+)$/s, 1, 'has the version of its signatures before it (such as v1,)') ??
    layer(text, /^<(.+)>$/s, 1, 'stands in angle brackets') ??
    layer(text, /^(.+[^,;])[,;]$/s, 1, 'has a comma or semicolon behind it') ??
    layer(text, /^(.+?)(?:\\r)?\\n$/s, 1, 'ends with a line break that is written out (\\n)')
  );
}

function layer(text: string, pattern: RegExp, group: number, clause: string): Layer | null {
  const inner = pattern.exec(text)?.[group]?.trim();
  return inner === undefined || inner === '' ? null : { clause, inner };
}

/** The secrets in one text, as a variable holds several during a rotation; usually one. */
function severalIn(text: string): readonly string[] {
  // The comma of `v1,whsec_…` is part of one secret.
  const parts = text.split(/\||[\s;]+|(?<!\bv1a?),(?=(?:v1a?,)?wh(?:sec|sk|pk)_)/).map((part) => part.trim());
  const isEach = parts.every((part) => /^(?:v1a?,)?wh(?:sec|sk|pk)_\S+$/.test(part));
  return parts.length > 1 && isEach ? parts : [text];
}

const placeholderPattern =
  /^(?:change.?me|(?:your|my)[-_ ]?(?:\w+[-_ ])*(?:secret|key|token)(?:[-_ ]?here)?|secret|password|test|example|x+|todo)$/i;

/**
 * Placeholders for a secret in documentation, examples and templates, and the most common passwords; without regard
 * to case and to separators between the words.
 */
const commonSecrets: ReadonlySet<string> = new Set(
  `secret mysecret topsecret supersecret verysecret secretkey mysecretkey mysupersecretkey supersecretkey secrettoken webhooksecret
  mywebhooksecret yourwebhooksecret webhook whsectest whsecsecret whsecchangeme whsecyoursecret signingsecret shhh itsasecret
  itsasecrettoeverybody keyboardcat changeme changethis changeit replaceme insecure default dev development test testing testsecret
  testkey testtoken example sample demo dummy placeholder password passw0rd p@ssw0rd p@ssword password1 password123 admin administrator
  adminadmin root toor guest user letmein welcome welcome1 qwerty qwerty123 qwertyuiop abc123 abcd1234 iloveyou monkey dragon sunshine
  princess football master shadow trustno1 hunter2 111111 000000 123123 1234 12345 123456 1234567 12345678 123456789 1234567890 foobar
  foo bar hello helloworld secret123 mysecret123 token apikey none null undefined abcdefghijklmnopqrstuvwxyz 0123456789abcdef
  0123456789abcdef0123456789abcdef deadbeef correcthorsebatterystaple hookyard`
    .trim()
    .split(/\s+/),
);

function isCommon(text: string): boolean {
  const plain = text.trim().toLowerCase();
  return commonSecrets.has(plain) || commonSecrets.has(plain.replace(/[-_. '!]/g, ''));
}

/** A sentence about a key that can be guessed, or null. */
export function weaknessOf(secret: string, key: Uint8Array): string | null {
  // Some schemes take the text behind base64 or hex for the key.
  if (isCommon(secret) || (key.byteLength <= 64 && isCommon(Buffer.from(key).toString('latin1'))))
    return 'The secret is one of the first that anyone would guess: take 16 random bytes or more.';
  if (placeholderPattern.test(secret.trim()))
    return 'The secret reads like a placeholder, which anyone could guess: take 16 random bytes or more.';
  if (key.byteLength < 16) return 'A key of fewer than 16 bytes can be found by trying: take 16 random bytes or more.';
  if (new Set(key.subarray(0, 4096)).size <= 4)
    return 'The key consists of a few bytes that repeat, which can be guessed: take 16 random bytes or more.';
  return null;
}

/** Sentences about a secret that has a key: what is unusual about its form, and that it can be guessed. */
export function remarksOnKey(
  secret: string,
  result: { readonly key: Uint8Array } | object,
  warning: string | null = null,
): readonly string[] {
  const weakness = 'key' in result && result.key instanceof Uint8Array ? weaknessOf(secret, result.key) : null;
  return [warning, weakness].filter((remark) => remark !== null);
}

/** What seems to have been copied together with the usable secrets, each in a sentence. */
export function doubtsAbout(secrets: readonly string[], results: readonly ({ readonly index: number } & object)[]): readonly string[] {
  return results.flatMap((result) => ('key' in result ? (wrapperOf(secrets[result.index] ?? '')?.message ?? []) : []));
}
