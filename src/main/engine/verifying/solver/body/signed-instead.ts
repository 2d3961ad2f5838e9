import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { bodyCause, useRawBody, type BodyStep } from './body-steps.ts';
import type { BodyDoc } from './body-doc.ts';
import { stringOf } from './json-escapes.ts';
import { writeJson } from './json-style.ts';
import type { JsonMember, JsonNode } from './json-tree.ts';

const digests: readonly (readonly [string, number, string, (bytes: Uint8Array) => Uint8Array | string])[] = [
  ['sha256-hex', 1.2, 'SHA-256 of the body in hex', (bytes) => hashed('sha256', bytes).toString('hex')],
  ['sha256-base64', 1.3, 'SHA-256 of the body in base64', (bytes) => hashed('sha256', bytes).toString('base64')],
  ['sha256', 1.3, 'SHA-256 of the body as bytes', (bytes) => hashed('sha256', bytes)],
  ['sha256-hex-upper', 1.4, 'SHA-256 of the body in capital hex', (bytes) => hashed('sha256', bytes).toString('hex').toUpperCase()],
  ['md5-hex', 1.3, 'MD5 of the body in hex', (bytes) => hashed('md5', bytes).toString('hex')],
  ['md5-base64', 1.4, 'MD5 of the body in base64', (bytes) => hashed('md5', bytes).toString('base64')],
  ['sha1-hex', 1.4, 'SHA-1 of the body in hex', (bytes) => hashed('sha1', bytes).toString('hex')],
  ['sha512-hex', 1.4, 'SHA-512 of the body in hex', (bytes) => hashed('sha512', bytes).toString('hex')],
  ['sha512-base64', 1.4, 'SHA-512 of the body in base64', (bytes) => hashed('sha512', bytes).toString('base64')],
  ['base64', 1.3, 'the body in base64', (bytes) => Buffer.from(bytes).toString('base64')],
  ['base64url', 1.4, 'the body in base64url', (bytes) => Buffer.from(bytes).toString('base64url')],
  ['hex', 1.4, 'the body in hex', (bytes) => Buffer.from(bytes).toString('hex')],
];

function hashed(name: string, bytes: Uint8Array): Buffer {
  return createHash(name).update(bytes).digest();
}

/** What may be signed instead of the body: a hash of it, or an encoding. */
export const digestSteps: readonly BodyStep[] = digests.map(([id, cost, words, of]) => ({
  cause: bodyCause(
    `digest-${id}`,
    cost,
    `what is signed is ${words}`,
    'the sender signs a hash or an encoding of the body and not the body itself',
    'Compute the same over the raw body before the HMAC, on both sides.',
  ),
  stage: 6,
  family: 'digest',
  isAlone: true,
  apply: ({ bytes }) => {
    const value = of(bytes);
    return typeof value === 'string' ? Buffer.from(value) : value;
  },
}));

/** Members that are tried one by one. */
const memberLimit = 24;

/** Usual names of the member that senders sign. */
const usualNames = new Set(['data', 'payload', 'event', 'body', 'object', 'message', 'resource', 'params', 'content', 'record']);

/** One member of the body alone, or all of them but one, for senders that sign less than they send. */
export function memberSteps(doc: BodyDoc): readonly BodyStep[] {
  const node = doc.json();
  if (node?.kind !== 'object') return [];
  const named = node.members.slice(0, memberLimit).map((member) => ({ member, name: stringOf(member.key) ?? '' }));
  return [
    ...named.flatMap(({ member, name }) => [...aloneSteps(member.value, name), ...nestedSteps(member.value, name)]),
    ...(node.members.length < 2 ? [] : named.map(({ member, name }) => withoutStep(node.members, member, name))),
    ...wrapSteps,
  ];
}

function aloneSteps(value: JsonNode, name: string): readonly BodyStep[] {
  if (value.kind === 'literal' || value.kind === 'number') return [];
  const isUsual = usualNames.has(name.toLowerCase());
  return [
    {
      cause: bodyCause(
        'member-only',
        isUsual ? 1.1 : 1.4,
        `what is signed is the value of ${shown(name)} alone`,
        'the sender signs a part of the JSON and not the body that it sends',
        `Verify over the value of ${shown(name)} as it was sent, or have the whole body signed.`,
      ),
      stage: 1,
      family: 'member',
      isAlone: !isUsual,
      apply: () => (value.kind === 'string' ? Buffer.from(stringOf(value.raw) ?? '', 'utf8') : Buffer.from(writeJson(value, {}), 'latin1')),
    },
  ];
}

/** `data.object` and the like. */
function nestedSteps(value: JsonNode, name: string): readonly BodyStep[] {
  if (value.kind !== 'object' || !usualNames.has(name.toLowerCase())) return [];
  return value.members
    .slice(0, memberLimit)
    .flatMap(({ key, value: inner }) => aloneSteps(inner, `${name}.${stringOf(key) ?? ''}`).map((step) => ({ ...step, isAlone: true })));
}

function withoutStep(members: readonly JsonMember[], left: JsonMember, name: string): BodyStep {
  const isSignature = /sign|hmac|hash|digest|mac$|token/i.test(name);
  return {
    cause: bodyCause(
      'member-left-out',
      isSignature ? 1.1 : 1.5,
      `${shown(name)} is left out of the body`,
      'it was put into the JSON after signing',
      `Take ${shown(name)} out of the body before verification, as the sender does.`,
    ),
    stage: 3,
    family: 'member',
    isAlone: true,
    apply: (doc) =>
      Buffer.from(writeJson({ kind: 'object', members: members.filter((member) => member !== left) }, { layout: doc.layout() }), 'latin1'),
  };
}

const wrapSteps: readonly BodyStep[] = ['data', 'payload', 'body', 'event'].map((name) => ({
  cause: bodyCause(
    'member-wrapped',
    1.6,
    `the body is the value of ${name} in an object`,
    'something took the value out of the object that was signed',
    useRawBody,
  ),
  stage: 5,
  family: 'member',
  isAlone: true,
  apply: (doc) => Buffer.from(`{"${name}":${doc.latin1()}}`, 'latin1'),
}));

/** Names come from the customer; long or unusual ones are not quoted. */
function shown(name: string): string {
  return /^[\w.-]{1,60}$/.test(name) ? name : 'one member';
}
