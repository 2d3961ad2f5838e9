/** What a change touches. */
export type CauseKind = 'secret' | 'body' | 'string' | 'encoding' | 'algorithm' | 'scheme';

/** A family of changes: what they touch, and their name for people. */
interface FamilyInfo {
  readonly kind: CauseKind;
  readonly title: string;
}

/**
 * Every family of changes that the search knows, in the order in which a result lists them. Changes of one family exclude each
 * other; a result says of each family how far it was searched.
 */
export const families = {
  'secret-owner': { kind: 'secret', title: 'secrets of other endpoints and from before a rotation' },
  'secret-copy': { kind: 'secret', title: 'what was copied along with the secret' },
  'secret-form': { kind: 'secret', title: 'how the secret becomes a key' },
  'secret-escapes': { kind: 'secret', title: 'secret escaped or unescaped' },
  'secret-encoded': { kind: 'secret', title: 'secret encoded or hashed once more' },
  'secret-charset': { kind: 'secret', title: 'character set of the secret' },
  'secret-lookalikes': { kind: 'secret', title: 'characters of the secret that look alike' },
  'secret-missing': { kind: 'secret', title: 'no secret set' },
  transit: { kind: 'body', title: 'the body as Hookyard sent it' },
  'line-ends': { kind: 'body', title: 'line ends' },
  end: { kind: 'body', title: 'white space at the ends of the body' },
  bom: { kind: 'body', title: 'byte order mark' },
  chat: { kind: 'body', title: 'characters that chat and mail programs replace' },
  charset: { kind: 'body', title: 'character set of the body' },
  compression: { kind: 'body', title: 'compression' },
  base64: { kind: 'body', title: 'base64 around the body' },
  'json-string': { kind: 'body', title: 'JSON inside a JSON string' },
  printed: { kind: 'body', title: 'bodies printed by a program' },
  wrapped: { kind: 'body', title: 'wrapped lines' },
  framing: { kind: 'body', title: 'framing of the transport left in the body' },
  envelope: { kind: 'body', title: 'envelope of a gateway around the body' },
  member: { kind: 'body', title: 'one member of the JSON alone, or all but one' },
  form: { kind: 'body', title: 'form around the body' },
  'form-library': { kind: 'body', title: 'form written again by a library' },
  'form-values': { kind: 'body', title: 'white space of form values' },
  'form-order': { kind: 'body', title: 'order of form fields' },
  percent: { kind: 'body', title: 'percent encoding' },
  'percent-case': { kind: 'body', title: 'case of percent escapes' },
  layout: { kind: 'body', title: 'layout of JSON' },
  strings: { kind: 'body', title: 'escapes of JSON' },
  numbers: { kind: 'body', title: 'numbers of JSON' },
  serialiser: { kind: 'body', title: 'JSON as libraries write it' },
  order: { kind: 'body', title: 'usual orders of JSON keys' },
  'key-order': { kind: 'body', title: 'every order of JSON keys' },
  lookalikes: { kind: 'body', title: 'characters of the body that look alike' },
  dump: { kind: 'body', title: 'body as a language prints it' },
  digest: { kind: 'body', title: 'hash or encoding of the body' },
  lost: { kind: 'body', title: 'body that was lost' },
  cut: { kind: 'body', title: 'body that was cut' },
  time: { kind: 'string', title: 'timestamp in another form' },
  parts: { kind: 'string', title: 'parts left out of the signed string' },
  separator: { kind: 'string', title: 'separators of the signed string' },
  'part-order': { kind: 'string', title: 'order of the signed string' },
  url: { kind: 'string', title: 'URL before a proxy' },
  template: { kind: 'string', title: 'signed strings of other senders' },
  'signature-text': { kind: 'encoding', title: 'how the signature is written' },
  'signature-altered': { kind: 'encoding', title: 'signature altered or mistyped' },
  hash: { kind: 'algorithm', title: 'algorithm' },
  scheme: { kind: 'scheme', title: 'other schemes whose headers are there' },
} as const satisfies Readonly<Record<string, FamilyInfo>>;

export type FamilyId = keyof typeof families;

/** Families whose changes touch the body. */
export type BodyFamily = { [Id in FamilyId]: (typeof families)[Id]['kind'] extends 'body' ? Id : never }[FamilyId];

/** Families whose changes touch the signed string. */
export type StringFamily = { [Id in FamilyId]: (typeof families)[Id]['kind'] extends 'string' ? Id : never }[FamilyId];

/** All families, in the order of the list. */
export const familyIds = Object.keys(families) as readonly FamilyId[];
