import { nearestName } from '../shared/names/nearest-name.ts';
import type { ConnectOptions } from './connection.ts';
import { HookyardError } from './errors.ts';
import type {
  BinOptions,
  BinResponse,
  CaptureMatch,
  CapturesWait,
  CaptureWait,
  DeliveriesWait,
  DeliveryWait,
  SendOptions,
} from './types.ts';

/** Every option of a type, so that none can be forgotten here. */
type NamesOf<T> = { readonly [Name in keyof Required<T>]: true };

const wait = { withinMs: true, sinceMs: true } as const;
const counted = { count: true, atMost: true } as const;

const captureMatch: NamesOf<CaptureMatch> = {
  eventType: true,
  method: true,
  path: true,
  query: true,
  headers: true,
  json: true,
  verdict: true,
};
const ofBin: NamesOf<Omit<CaptureWait, 'bin'>> = { ...captureMatch, ...wait, body: true, ignore: true };
const ofBinCounted: NamesOf<Omit<CapturesWait, 'bin'>> = { ...ofBin, ...counted, oncePerId: true, inOrder: true };
const captureWait: NamesOf<CaptureWait> = { bin: true, ...ofBin };
const capturesWait: NamesOf<CapturesWait> = { bin: true, ...ofBinCounted };
const deliveryWait: NamesOf<DeliveryWait> = {
  message: true,
  endpoint: true,
  eventType: true,
  status: true,
  outcome: true,
  answer: true,
  answeredWithinMs: true,
  ...wait,
};
const deliveriesWait: NamesOf<DeliveriesWait> = { ...deliveryWait, ...counted };
const send: NamesOf<SendOptions> = {
  to: true,
  id: true,
  environment: true,
  profile: true,
  scheme: true,
  secret: true,
  timeoutMs: true,
  headers: true,
  target: true,
};
const bin: NamesOf<BinOptions> = { response: true, scheme: true, secret: true };
const response: NamesOf<BinResponse> = { status: true, headers: true, body: true, delayMs: true };
const connect: NamesOf<ConnectOptions> = { url: true, token: true };

/** The options of each call. */
const known = {
  'bin()': bin,
  'bin.respond()': response,
  'bin.waitForCapture()': ofBin,
  'bin.waitForCaptures()': ofBinCounted,
  'bin.waitForNoCapture()': ofBin,
  'connect()': connect,
  'send()': send,
  'waitForCapture()': captureWait,
  'waitForCaptures()': capturesWait,
  'waitForNoCapture()': captureWait,
  'waitForDelivery()': deliveryWait,
  'waitForDeliveries()': deliveriesWait,
  'a step of inOrder': captureMatch,
} as const;

/**
 * Refuses options that a call does not have, and those that are given without a value: JavaScript would pass over both, so that a wait is met
 * by anything, or an event goes unsigned. Throws a {@link HookyardError}.
 */
export function checkOptions(call: keyof typeof known, given: object): void {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new HookyardError(`The options of ${call} are ${shown(given)}: give an object.`);
  const names = Object.keys(known[call]);
  for (const [name, value] of Object.entries(given)) {
    if (!names.includes(name)) throw new HookyardError(unknownText(call, name, names));
    checkValue(call, name, value);
  }
  if ('inOrder' in given && Array.isArray(given.inOrder))
    for (const step of given.inOrder as readonly object[]) checkOptions('a step of inOrder', step);
}

function unknownText(call: string, name: string, names: readonly string[]): string {
  const nearest = nearestName(name, names);
  return `${call} has no option "${name}": ${nearest === null ? `it has ${names.join(', ')}.` : `did you mean ${nearest}?`}`;
}

/** Options whose members are left out of a call, too, where they are undefined. */
const withMembers = ['json', 'query', 'headers', 'response', 'target'];

function checkValue(call: string, name: string, value: unknown): void {
  if (value === undefined || (value === '' && isSecret(name))) throw new HookyardError(emptyText(call, name, value));
  if (!withMembers.includes(name) || typeof value !== 'object' || value === null) return;
  for (const [member, each] of Object.entries(value))
    if (each === undefined || (each === '' && name === 'target' && isSecret(member)))
      throw new HookyardError(emptyText(call, `${name}.${member}`, each));
}

function isSecret(name: string): boolean {
  return name === 'secret';
}

function emptyText(call: string, name: string, value: unknown): string {
  const what = `The option ${name} of ${call} is ${value === '' ? 'empty' : 'undefined'}`;
  if (!name.endsWith('secret')) return `${what}: give it a value, or leave it out.`;
  return `${what}: set the variable that it is read from, such as WEBHOOK_SECRET, or leave it out for requests without a signature.`;
}

/** The id of what a call returned, or the id itself; refuses what has none, such as a promise that nobody awaited. */
export function idIn(given: unknown, what: string): string {
  if (typeof given === 'string') return given;
  const id: unknown = typeof given === 'object' && given !== null && 'id' in given ? given.id : undefined;
  if (typeof id === 'string') return id;
  if (given instanceof Promise) throw new HookyardError(`The ${what} is a promise: put await before the call that returns it.`);
  throw new HookyardError(`The ${what} is ${shown(given)}: give its id, or what the call returned that made it.`);
}

function shown(given: unknown): string {
  if (given === null || given === undefined || typeof given === 'boolean' || typeof given === 'number') return String(given);
  return typeof given === 'string'
    ? `"${given.slice(0, 100)}"`
    : Array.isArray(given)
      ? 'a list'
      : `of the kind ${typeof given}, without an id`;
}
