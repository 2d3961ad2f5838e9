/** A number of JSON as its exact decimal value: equal texts are equal numbers, whatever their size. `-0` is kept apart from `0`. */
export function exactNumber(source: string): string {
  const [, sign = '', whole = '', fraction = '', power = ''] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(source) ?? [];
  const digits = withoutLeadingZeros(whole + fraction);
  if (digits === '') return `${sign}0`;
  const kept = withoutTrailingZeros(digits);
  return `${sign}${kept}e${moved(power, digits.length - kept.length - fraction.length)}`;
}

/** Digits that a `number` holds exactly, with room for a carry. */
const chunkDigits = 15;

/**
 * A power with something added to it. It can have any number of digits, all of which count, and `BigInt` would take seconds for a million of
 * them. What is added is no more than the digits of a text, so it changes the last digits and at most carries into those before.
 */
function moved(power: string, by: number): string {
  const digits = withoutLeadingZeros(power.replace(/^[+-]/, ''));
  const sign = power.startsWith('-') ? '-' : '';
  if (digits.length <= chunkDigits) return String(Number(`${sign}${digits === '' ? '0' : digits}`) + by);
  const [head, tail] = [digits.slice(0, -chunkDigits), Number(digits.slice(-chunkDigits)) + (sign === '' ? by : -by)];
  const carry = Math.floor(tail / 10 ** chunkDigits);
  const last = String(tail - carry * 10 ** chunkDigits).padStart(chunkDigits, '0');
  return `${sign}${withoutLeadingZeros(`${carry === 0 ? head : carried(head, carry > 0)}${last}`)}`;
}

/** Digits of a number above zero with 1 added or taken away. */
function carried(digits: string, isUp: boolean): string {
  const [full, empty] = isUp ? ['9', '0'] : ['0', '9'];
  let at = digits.length - 1;
  while (digits[at] === full) at -= 1;
  return `${digits.slice(0, Math.max(at, 0))}${Number(digits[at] ?? '0') + (isUp ? 1 : -1)}${empty.repeat(digits.length - 1 - at)}`;
}

/** Whether a source is that of a number. */
export function isNumber(source: string): boolean {
  return /^[-\d]/.test(source);
}

function withoutLeadingZeros(digits: string): string {
  let from = 0;
  while (digits[from] === '0') from += 1;
  return digits.slice(from);
}

function withoutTrailingZeros(digits: string): string {
  let to = digits.length;
  while (digits[to - 1] === '0') to -= 1;
  return digits.slice(0, to);
}
