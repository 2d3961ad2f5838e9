/** Characters of an id; what is longer is content. */
const idCharacters = 128;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Digits alone are an amount, such as one in wei, or the number of a card; letters alone are a word. */
const hex = /^(?=.*\d)(?:(?=.*[a-f])[0-9a-f]{16,}|(?=.*[A-F])[0-9A-F]{16,})$/;
/** A time of 48 bits and chance behind it. */
const ulid = /^(?=.*\d)(?=.*[A-Z])[0-7][0-9A-HJKMNP-TV-Z]{25}$/;
/** An account number, which somebody has: the code of its country, two digits and what its bank says (ISO 13616). */
const iban = /^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/;

/**
 * Whether two values are ids of the same kind: two UUIDs, two ULIDs, two hex numbers of the same length, or the same prefix before values that
 * are written alike. The same id in other letters is none: it was changed.
 */
export function areIdsAlike(before: string, after: string): boolean {
  if (!canBeIds(before, after)) return false;
  if ([uuid, ulid].some((kind) => kind.test(before) && kind.test(after))) return true;
  if (hex.test(before) && hex.test(after)) return before.length === after.length;
  return havePrefixAlike(before, after);
}

/** The same of two values of a member of JSON, which may be long decimal numbers where it is called an id. */
export function areMemberIdsAlike(name: string, before: string, after: string): boolean {
  if (areIdsAlike(before, after)) return true;
  const areLong = [before, after].every((text) => /^\d{16,}$/.test(text));
  return areLong && /(?:^|[_-])(?:id|ID)$|[a-z0-9]I[dD]$/.test(name) && canBeIds(before, after) && areDecimalsAlike(before, after);
}

/** The same of the values of a header that is called an id, which may also be decimal numbers, or parts with marks between. */
export function areNamedIdsAlike(before: string, after: string): boolean {
  if (areIdsAlike(before, after)) return true;
  if (!canBeIds(before, after)) return false;
  return areDecimalsAlike(before, after) || havePartsAlike(before, after) || areOpaqueAlike(before, after);
}

function canBeIds(before: string, after: string): boolean {
  const both = [before, after];
  if (both.some((text) => text.length > idCharacters || /^[0-]*$/.test(text))) return false;
  if (both.every(isIban)) return false;
  if (before.toLowerCase() === after.toLowerCase()) return false;
  // An alphabet of both cases gives hardly any id without one of them.
  return [/[a-z]/, /[A-Z]/].every((letters) => letters.test(before) === letters.test(after));
}

/** In small letters it is one by its check digits, or has digits alone behind its country, since hex numbers begin like that, too. */
function isIban(text: string): boolean {
  if (text !== text.toLowerCase()) return iban.test(text);
  if (!iban.test(text.toUpperCase())) return false;
  return /^..\d+$/.test(text) || hasIbanCheck(text);
}

/** Whether the check digits are right: the number modulo 97 is 1, with its first four characters at the end and letters as 10 to 35. */
function hasIbanCheck(text: string): boolean {
  const moved = text.slice(4) + text.slice(0, 4);
  return [...moved].reduce((rest, character) => Number(`${rest}${parseInt(character, 36)}`) % 97, 0) === 1;
}

/** A prefix as `evt_` or `cs_test_`, then letters and digits; words, such as those of `order_created1`, are no id. */
function havePrefixAlike(before: string, after: string): boolean {
  const [numbered, otherNumbered] = [numberedIdOf(before), numberedIdOf(after)];
  if (numbered !== null && otherNumbered !== null) return areNumbersAlike(numbered, otherNumbered);
  const [one, other] = [shortIdOf(before), shortIdOf(after)];
  if (one !== null && other !== null) return one.prefix === other.prefix && areDecimalsAlike(one.value, other.value);
  const [long, otherLong] = [longIdOf(before), longIdOf(after)];
  return long !== null && otherLong !== null && long.prefix === otherLong.prefix && long.value.length === otherLong.value.length;
}

interface PrefixedId {
  readonly prefix: string;
  readonly value: string;
}

function longIdOf(text: string): PrefixedId | null {
  const [, prefix = '', value = ''] = /^([a-z][a-z0-9]{0,15}_(?:[a-z]+_)*)([A-Za-z0-9_-]{8,})$/.exec(text) ?? [];
  return looksRandom(value) ? { prefix, value } : null;
}

/**
 * Whether letters and digits stand in turns, as in what is drawn at random: words in camel case, a number and a version behind a word have long
 * pieces.
 */
function looksRandom(value: string): boolean {
  const pieces = value.match(/[A-Z]?[a-z]+|[A-Z]+|\d+/g) ?? [];
  const changes = value.match(/[A-Za-z](?=\d)|\d(?=[A-Za-z])/g) ?? [];
  if (changes.length > 3) return true;
  if (changes.length === 0 || (changes.length === 1 && value.length < 16)) return false;
  return value.length <= pieces.length * (changes.length === 1 ? 3 : 3.5);
}

/** Prefixes of ids of things that are made again and again; others, such as `tier_1`, may be values that were chosen. */
const idPrefixes: ReadonlySet<string> = new Set(
  `acc account acct att attempt cap capture cart ch charge checkout chk cli client cs cus cust customer del delivery dispute
  dlv ent ep event evt file ful fulfillment hook in inv invoice iss issue item job li line_item mbr mem member message msg ord
  order org pay payment payout pi pm po pr prod product pull_request re ref refund req request res run sess session shipment
  shp si sub subscription task ten tenant ticket tkt tr trace transaction transfer tx txn user usr we webhook wh`.split(/\s+/),
);

/** Whether ids of things have this prefix, in small letters or in capitals. */
function isIdPrefix(name: string): boolean {
  return idPrefixes.has(name) || (name === name.toUpperCase() && idPrefixes.has(name.toLowerCase()));
}

/** A short id, such as `evt_1`, `ORD_17` or `order-1042`: a number behind a known prefix; null for what is none, such as `event_v1` or `sub_30d`. */
function shortIdOf(text: string): PrefixedId | null {
  const [, name = '', mark = '', value = ''] = /^([a-z]+(?:_[a-z]+)?|[A-Z]+(?:_[A-Z]+)?)([_-](?=\d)|(?=\d{4}))(\d{1,20})$/.exec(text) ?? [];
  if (isRegion(text) || !isIdPrefix(name) || !/[1-9]/.test(value)) return null;
  return { prefix: `${name}${mark}`, value };
}

/** The code of a region, such as `TR-34` or `SI-061` (ISO 3166-2), which somebody chose. */
function isRegion(text: string): boolean {
  return /^[A-Z]{2}-[A-Z0-9]{1,3}$/.test(text);
}

/** A prefix and what stands behind it in turns: numbers and the marks between them. */
type NumberedId = readonly string[];

/** An id that is counted up behind a year or a day, such as `INV2024-0003` or `PO-2024/17`; null for what is none. */
function numberedIdOf(text: string): NumberedId | null {
  const [, name = '', mark = '', value = ''] = /^([a-z]+|[A-Z]+)([_-]|(?=\d{4}))(\d{1,8}(?:[_/-]\d{1,12}){1,3})$/.exec(text) ?? [];
  return isIdPrefix(name) && /[1-9]/.test(value) ? [`${name}${mark}`, ...value.split(/([_/-])/)] : null;
}

/** Only the last number grows by digits. */
function areNumbersAlike(before: NumberedId, after: NumberedId): boolean {
  return (
    before.length === after.length &&
    before.every((part, index) => {
      const other = after[index] ?? '';
      if (part === other) return true;
      if (!isDecimal(part) || !isDecimal(other)) return false;
      return index === before.length - 1 ? areDecimalsAlike(part, other) : part.length === other.length;
    })
  );
}

/** Numbers that are counted up have more digits in time, long ones one more at most. */
function areDecimalsAlike(before: string, after: string): boolean {
  if (!isDecimal(before) || !isDecimal(after)) return false;
  return Math.max(before.length, after.length) < 10 || Math.abs(before.length - after.length) <= 1;
}

function isDecimal(text: string): boolean {
  return /^\d+$/.test(text);
}

/** Parts with the same marks between, such as `Root=1-5759e988-bd862e3fe1be46a994272793`: of words, which name what it is, none may differ. */
function havePartsAlike(before: string, after: string): boolean {
  // Behind the id of Cloudflare stands the airport of its server.
  const [one = [], other = []] = [before, after].map((text) => text.replace(/-[A-Z]{3}$/, '-XXX').split(/([^A-Za-z0-9]+)/));
  const isAlike = (part: string, of: string) =>
    part === of || (isPart(part) && isPart(of) && (part.length === of.length || areDecimalsAlike(part, of)));
  return one.length === other.length && one.every((part, index) => isAlike(part, other[index] ?? ''));
}

function isPart(text: string): boolean {
  // A version, and a word with a number.
  if (/^(?:v|[a-z]{3,})\d{1,3}$/i.test(text)) return false;
  return /^[A-Za-z0-9]*\d[A-Za-z0-9]*$/.test(text) && !/^0{8,}$/.test(text);
}

/** Letters and digits of base64 or its like, in which the marks stand anywhere. */
function areOpaqueAlike(before: string, after: string): boolean {
  const isOpaque = (text: string) => /^[A-Za-z0-9+/_-]{16,}={0,2}$/.test(text) && /\d/.test(text);
  const lead = (text: string) => /^(?:[A-Za-z]+[_-])*/.exec(text)?.[0];
  return isOpaque(before) && isOpaque(after) && before.length === after.length && lead(before) === lead(after);
}
