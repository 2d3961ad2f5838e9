import type { NoiseKind } from '#shared/contract/comparing.ts';

/** Which kind of noise a pair of values is: both times, or both ids; null for anything else. */
export function noiseOf(before: string, after: string): Exclude<NoiseKind, 'signatures'> | null {
  if (isTime(before) && isTime(after)) return 'dates';
  if (isId(before) && isId(after)) return 'ids';
  const of = shortIdOf(before);
  return of !== null && of === shortIdOf(after) ? 'ids' : null;
}

/** The kind of a header that differs in each request by its nature, by its name in lower case; null for others. */
export function noiseOfHeader(name: string): NoiseKind | null {
  if (/(?:^|-)(?:signature|hmac|digest)(?:-|$)|^x-hub-signature|-signature-\d+$/.test(name)) return 'signatures';
  if (/(?:^|-)(?:date|timestamp|time)$/.test(name)) return 'dates';
  return /(?:^|-)(?:id|guid|uuid|delivery|ray)$|^traceparent$|^tracestate$/.test(name) ? 'ids' : null;
}

/** Years that a time of an event is in; other numbers are numbers. */
const [firstSecond, lastSecond] = [946_684_800, 4_102_444_800];

function isTime(text: string): boolean {
  if (/^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/.test(text)) return true;
  if (/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)) return true;
  if (!/^\d{10}(?:\d{3})?(?:\.\d+)?$/.test(text)) return false;
  const seconds = Number(text) / (/^\d{13}/.test(text) ? 1000 : 1);
  return seconds >= firstSecond && seconds < lastSecond;
}

function isId(text: string): boolean {
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text)) return true;
  // A prefix as `evt_`, then letters and digits; words alone, such as `order_created`, are none.
  if (/^[a-z][a-z0-9]{0,15}_[A-Za-z0-9_-]{8,}$/.test(text) && /\d/.test(text)) return true;
  return /^[0-9a-f]{16,}$/i.test(text) || (/^[0-9A-HJKMNP-TV-Z]{26}$/.test(text) && /\d/.test(text));
}

/** Prefixes of ids of things that are made again and again; others, such as `tier_1`, may be values that were chosen. */
const idPrefixes: ReadonlySet<string> = new Set(
  `acc account acct att attempt cap capture cart ch charge checkout chk cli client cs cus cust customer del delivery dispute
  dlv ent ep event evt file ful fulfillment hook in inv invoice iss issue item job li line_item mbr mem member message msg ord
  order org pay payment payout pi pm po pr prod product pull_request re ref refund req request res run sess session shipment
  shp si sub subscription task ten tenant ticket tkt tr trace transaction transfer tx txn user usr we webhook wh`.split(/\s+/),
);

/** The prefix of a short id, such as that of `evt_1` or `ord-17`; null for what is none. */
function shortIdOf(text: string): string | null {
  const [, prefix = ''] = /^([a-z]+(?:_[a-z]+)?)[_-][A-Za-z]{0,7}\d[A-Za-z0-9]{0,15}$/.exec(text) ?? [];
  return idPrefixes.has(prefix) ? prefix : null;
}
