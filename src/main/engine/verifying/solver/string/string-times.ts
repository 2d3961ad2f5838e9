import { Buffer } from 'node:buffer';
import type { StringPart } from '../signed-parts.ts';
import { stringCause, type StringStep } from './string-steps.ts';

const clockUnit = 'sender and receiver count time in different units';
const useHeader = 'Sign and verify the timestamp as the text that the header carries.';

/** The timestamp in other units and notations. */
export function timeStep(parts: readonly StringPart[]): readonly StringStep[] {
  const text = timestampOf(parts);
  if (text === null) return [];
  return otherTimes(text).map(({ id, cost, value, change }): StringStep => ({
    cause: stringCause('time', id, cost, change, clockUnit, useHeader),
    family: 'time',
    apply: (some) => withTimestamp(some, value),
  }));
}

/**
 * Seconds in the header and milliseconds in the signed string: the thousand possible values are tried last, since a full MAC
 * identifies the right one with certainty.
 */
export function unknownMillisecondSteps(parts: readonly StringPart[]): readonly StringStep[] {
  const text = timestampOf(parts);
  if (text === null || !/^\d{10}$/.test(text)) return [];
  return Array.from({ length: 999 }, (_, index): StringStep => {
    const value = `${text}${String(index + 1).padStart(3, '0')}`;
    return {
      cause: stringCause('time', 'timestamp-exact-ms', 2, `the timestamp is signed in milliseconds, as ${value}`, clockUnit, useHeader),
      family: 'time',
      apply: (some) => withTimestamp(some, value),
    };
  });
}

function timestampOf(parts: readonly StringPart[]): string | null {
  const bytes = parts.find(({ name }) => name === 'timestamp')?.bytes;
  return bytes == null ? null : Buffer.from(bytes).toString('latin1');
}

function withTimestamp(parts: readonly StringPart[], value: string): readonly StringPart[] | null {
  if (!parts.some(({ name }) => name === 'timestamp')) return null;
  return parts.map((part) => (part.name === 'timestamp' ? { ...part, bytes: Buffer.from(value) } : part));
}

interface OtherTime {
  readonly id: string;
  readonly cost: number;
  readonly value: string;
  readonly change: string;
}

function otherTimes(text: string): readonly OtherTime[] {
  const atMs = /^\d{9,11}$/.test(text) ? Number(text) * 1000 : /^\d{12,14}$/.test(text) ? Number(text) : Date.parse(text);
  if (!Number.isFinite(atMs) || Math.abs(atMs) > 8e15) return [];
  const iso = new Date(atMs).toISOString();
  return [
    { id: 'timestamp-ms', cost: 1, value: String(atMs), change: 'the timestamp is signed in milliseconds' },
    { id: 'timestamp-s', cost: 1, value: String(Math.floor(atMs / 1000)), change: 'the timestamp is signed in seconds' },
    { id: 'timestamp-iso', cost: 1.2, value: iso, change: 'the timestamp is signed as an ISO date' },
    {
      id: 'timestamp-iso-s',
      cost: 1.2,
      value: iso.replace(/\.\d+Z$/, 'Z'),
      change: 'the timestamp is signed as an ISO date without milliseconds',
    },
    { id: 'timestamp-fraction', cost: 1.3, value: String(atMs / 1000), change: 'the timestamp is signed in seconds with their fraction' },
    { id: 'timestamp-fraction', cost: 1.3, value: (atMs / 1000).toFixed(1), change: 'the timestamp is signed in seconds with one decimal' },
    {
      id: 'timestamp-iso-offset',
      cost: 1.3,
      value: iso.replace('Z', '+00:00'),
      change: 'the timestamp is signed as an ISO date with +00:00',
    },
    {
      id: 'timestamp-iso-s-offset',
      cost: 1.3,
      value: iso.replace(/\.\d+Z$/, '+00:00'),
      change: 'the timestamp is signed as an ISO date without milliseconds, with +00:00',
    },
    { id: 'timestamp-http', cost: 1.3, value: new Date(atMs).toUTCString(), change: 'the timestamp is signed as an HTTP date' },
    {
      id: 'timestamp-sql',
      cost: 1.3,
      value: iso.slice(0, 19).replace('T', ' '),
      change: 'the timestamp is signed as a date and time with a space between them',
    },
  ].filter(({ value }) => value !== text);
}
