import type { CaptureMatch, DeliveryWait } from './types.ts';

type Fields = Record<string, unknown>;

/** Conditions of captures as `POST /api/waits` takes them; null for none. */
export function requestMatch({ eventType, method, path, query, headers, json, verdict }: CaptureMatch): Fields | null {
  const match = present({
    eventTypes: listOf(eventType),
    methods: listOf(method),
    path,
    query: query && Object.entries(query).map(([name, value]) => ({ name, value })),
    headers: headers && Object.entries(headers).map(([name, value]) => ({ name, value })),
    json: json && Object.entries(json).map(([place, value]) => ({ path: place, is: value })),
    verdicts: listOf(verdict),
  });
  return Object.keys(match).length === 0 ? null : match;
}

/** Conditions of deliveries as `POST /api/waits` takes them. */
export function deliveryMatch({ eventType, status, outcome, answer, answeredWithinMs }: DeliveryWait): Fields {
  return present({
    eventTypes: listOf(eventType),
    statuses: listOf(status),
    outcomes: listOf(outcome),
    answers: listOf(answer),
    answeredWithinMs,
  });
}

/** The fields that are given: undefined says that one is not, and null is a value. */
export function present(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function listOf<T>(value: T | readonly T[] | undefined): readonly T[] | undefined {
  if (value === undefined) return undefined;
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}
