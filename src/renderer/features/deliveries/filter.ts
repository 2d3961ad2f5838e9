import { deliveryStatus, type DeliveryStatus } from '#shared/contract/delivery-status.ts';
import { nearestName } from '#shared/names/nearest-name.ts';

/** Filter of the log as the contract takes it. */
export interface DeliveryFilter {
  readonly status?: DeliveryStatus;
  readonly eventType?: string;
  readonly endpointId?: string;
  readonly messageId?: string;
  readonly replayId?: string;
  readonly relayId?: string;
  readonly isTest?: boolean;
  readonly q?: string;
  readonly fromMs?: number;
  readonly toMs?: number;
}

/** An endpoint as the filter box names it. */
export interface NamedEndpoint {
  readonly id: string;
  readonly name: string;
}

/** Keys of the filter box; each narrows by one field of the contract's filter. */
const keys = {
  status: 'status',
  event: 'eventType',
  endpoint: 'endpointId',
  message: 'messageId',
  replay: 'replayId',
  relay: 'relayId',
  test: 'isTest',
} as const;
type Key = keyof typeof keys;

/** Splits at spaces outside double quotes: `status:failed endpoint:"Local receiver" timeout`. */
function words(text: string): readonly string[] {
  return text.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? [];
}

/** Reads the filter box. A word with a known key narrows by it; all other words are searched for as text. */
export function parseFilter(text: string, endpoints: readonly NamedEndpoint[]): DeliveryFilter {
  const filter: { -readonly [K in keyof DeliveryFilter]: DeliveryFilter[K] } = {};
  const free: string[] = [];
  for (const word of words(text)) {
    const [, key, quoted] = /^([a-z]+):(.*)$/.exec(word) ?? [];
    const value = (quoted ?? '').replaceAll('"', '');
    if (key === 'status' && deliveryStatus.safeParse(value).success) filter.status = deliveryStatus.parse(value);
    else if (key === 'event' && value !== '') filter.eventType = value;
    else if (key === 'message' && value !== '') filter.messageId = value;
    else if (key === 'test' && (value === 'yes' || value === 'no')) filter.isTest = value === 'yes';
    else if (key === 'replay' && value !== '') filter.replayId = value;
    else if (key === 'relay' && value !== '') filter.relayId = value;
    else if (key === 'endpoint' && value !== '')
      filter.endpointId = endpoints.find(({ id, name }) => id === value || name === value)?.id ?? value;
    else free.push(word.replaceAll('"', ''));
  }
  if (free.length > 0) filter.q = free.join(' ');
  return filter;
}

/** Why a word that looks like a filter is searched for as text instead; null if there is none. */
export function filterDoubt(text: string): string | null {
  for (const word of words(text)) {
    const [, key = '', sign = '', quoted = ''] = /^([a-z]+)([:=])(.*)$/i.exec(word) ?? [];
    const value = quoted.replaceAll('"', '');
    if (key === '' || value === '') continue;
    if (sign === '=') {
      const meantKey = Object.hasOwn(keys, key) ? key : nearestName(key, Object.keys(keys));
      if (meantKey !== null)
        return `A filter is written with a colon, so \u201c${word}\u201d was searched for as text. Did you mean ${meantKey}:${quoted}?`;
      continue;
    }
    if (key === 'status' && !deliveryStatus.safeParse(value).success)
      return doubt(word, `${value} is not a status`, value, deliveryStatus.options);
    if (key === 'test' && value !== 'yes' && value !== 'no') return doubt(word, `test is yes or no`, value, []);
    if (Object.hasOwn(keys, key)) continue;
    const meant = nearestName(key, Object.keys(keys));
    if (meant !== null) return doubt(word, `There is no filter ${key}`, key, [meant]);
  }
  return null;
}

function doubt(word: string, why: string, given: string, known: readonly string[]): string {
  const nearest = nearestName(given, known);
  const hint = nearest === null ? (known.length === 0 ? '' : ` Use ${known.join(', ')}.`) : ` Did you mean ${nearest}?`;
  return `${why}, so \u201c${word}\u201d was searched for as text.${hint}`;
}

/** Completions of the word being typed, each as the whole text of the box. */
export function completions(text: string, endpoints: readonly NamedEndpoint[], eventTypes: readonly string[]): readonly string[] {
  const isNewWord = text === '' || text.endsWith(' ');
  const all = words(text);
  const word = isNewWord ? '' : (all.at(-1) ?? '');
  const before = isNewWord ? text : text.slice(0, text.length - word.length);
  const [, key, typed = ''] = /^([a-z]+):(.*)$/.exec(word) ?? [];
  const values: Readonly<Record<Key, readonly string[]>> = {
    status: deliveryStatus.options,
    event: eventTypes,
    endpoint: endpoints.map(({ name }) => name),
    message: [],
    replay: [],
    relay: [],
    test: ['yes', 'no'],
  };
  if (key !== undefined && Object.hasOwn(values, key)) {
    const wanted = typed.replaceAll('"', '').toLowerCase();
    return values[key as Key]
      .filter((value) => value.toLowerCase().includes(wanted))
      .slice(0, 12)
      .map((value) => `${before}${key}:${/\s/.test(value) ? `"${value}"` : value} `);
  }
  const used = new Set(all.map((other) => other.split(':')[0]));
  return (Object.keys(keys) as Key[])
    .filter((name) => name.startsWith(word) && !used.has(name) && !['message', 'replay', 'relay'].includes(name))
    .map((name) => `${before}${name}:`);
}

/** Sets one key in a filter text, replacing its value. */
export function withKey(text: string, key: Key, value: string): string {
  const others = words(text).filter((word) => !word.startsWith(`${key}:`));
  return [...others, `${key}:${/\s/.test(value) ? `"${value}"` : value}`].join(' ');
}

/** Removes one key from a filter text. */
export function withoutKey(text: string, key: Key): string {
  return words(text)
    .filter((word) => !word.startsWith(`${key}:`))
    .join(' ');
}
