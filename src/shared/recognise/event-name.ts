import type { HeaderField } from '../contract/common.ts';
import { eventNameForm } from '../names/event-name-form.ts';

/** Such as X-GitHub-Event, X-Shopify-Topic, X-Event-Key. */
const headerForm = /(?:^|-)(?:event|topic)(?:-(?:type|name|key))?$/i;
const memberNames = ['type', 'event', 'event_type', 'eventType', 'event_name', 'eventName', 'topic'];

/** What a received request calls its event, in a header or at the top of its JSON; null where it does not, or not by a name. */
export function eventNameIn(headers: readonly HeaderField[], json: unknown): string | null {
  const given = [...headers.filter(([name]) => headerForm.test(name)).map(([, value]) => value), ...membersOf(json)];
  return given.find((name) => name.length <= 200 && eventNameForm.test(name)) ?? null;
}

/** A longer body is not read for the name of its event. */
export const namedCharacters = 65_536;

/** What a request is called in the log that says nothing of an event. */
export const unnamedEvent = 'captured.request';

/** What a request from elsewhere is called in the log; `text` is its body, null for one that is no text or too long. */
export function eventTypeOf(headers: readonly HeaderField[], text: string | null): string {
  return eventNameIn(headers, text === null || text.length > namedCharacters ? null : jsonOrNull(text)) ?? unnamedEvent;
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function membersOf(json: unknown): readonly string[] {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return [];
  return memberNames.map((name) => (Object.hasOwn(json, name) ? (json as Record<string, unknown>)[name] : null)).filter(isText);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
