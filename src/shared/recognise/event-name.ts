import type { HeaderField } from '../contract/common.ts';
import { eventNameForm } from '../contract/events.ts';

/** Such as X-GitHub-Event, X-Shopify-Topic, X-Event-Key. */
const headerForm = /(?:^|-)(?:event|topic)(?:-(?:type|name|key))?$/i;
const memberNames = ['type', 'event', 'event_type', 'eventType', 'event_name', 'eventName', 'topic'];

/** What a received request calls its event, in a header or at the top of its JSON; null where it does not, or not by a name. */
export function eventNameIn(headers: readonly HeaderField[], json: unknown): string | null {
  const given = [...headers.filter(([name]) => headerForm.test(name)).map(([, value]) => value), ...membersOf(json)];
  return given.find((name) => name.length <= 200 && eventNameForm.test(name)) ?? null;
}

function membersOf(json: unknown): readonly string[] {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return [];
  return memberNames.map((name) => (Object.hasOwn(json, name) ? (json as Record<string, unknown>)[name] : null)).filter(isText);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
