/** A number of JSON as its exact decimal value: equal texts are equal numbers, whatever their size. `-0` is kept apart from `0`. */
export function exactNumber(source: string): string {
  const [, sign = '', whole = '', fraction = '', power = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(source) ?? [];
  const digits = withoutLeadingZeros(whole + fraction);
  if (digits === '') return `${sign}0`;
  const kept = withoutTrailingZeros(digits);
  // The power can have any number of digits.
  const exponent = BigInt(power.slice(0, powerDigits)) - BigInt(fraction.length) + BigInt(digits.length - kept.length);
  return `${sign}${kept}e${exponent}`;
}

/** Digits of a power that are looked at; no value with more of them is a number to any program. */
const powerDigits = 30;

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
