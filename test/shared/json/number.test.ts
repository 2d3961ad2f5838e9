import fc from 'fast-check';
import { expect, it } from 'vitest';
import { exactNumber } from '#shared/json/number.ts';

/** Digits with many zeros and nines, over which a carry goes far. */
const digits = (most: number) =>
  fc.array(fc.constantFrom('0', '0', '1', '5', '9', '9'), { minLength: 1, maxLength: most, size: 'max' }).map((each) => each.join(''));

const power = fc.tuple(fc.constantFrom('', '+', '-'), digits(60)).map((parts) => parts.join(''));

const source = fc
  .tuple(fc.constantFrom('', '-'), digits(30), fc.option(digits(30)), fc.option(power))
  .map(
    ([sign, whole, fraction, exponent]) =>
      `${sign}${whole.replace(/^0+(?=\d)/, '')}${fraction === null ? '' : `.${fraction}`}${exponent === null ? '' : `e${exponent}`}`,
  );

/** The value of a number as sign, digits and power, by whole numbers of any size. */
function valueOf(text: string): readonly [sign: string, digits: bigint, power: bigint] {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:e\+?(-?\d+))?$/.exec(text) ?? [];
  let [value, at] = [BigInt(whole + fraction), BigInt(exponent) - BigInt(fraction.length)];
  if (value === 0n) return [sign, 0n, 0n];
  for (; value % 10n === 0n; at += 1n) value /= 10n;
  return [sign, value, at];
}

it('two numbers are the same where sign, digits and power are, whatever their size', () => {
  // The second is most often the first written otherwise, or its neighbour.
  const written = fc.tuple(source, digits(20), fc.constantFrom(0n, 0n, 1n, -1n, 10n ** 31n)).map(([text, zeros, apart]) => {
    const [sign, value, at] = valueOf(text);
    const more = BigInt(zeros.length);
    return [text, `${sign}${value}${'0'.repeat(zeros.length)}e${at - more + apart}`] as const;
  });
  fc.assert(
    fc.property(fc.oneof(written, fc.tuple(source, source)), ([one, other]) => {
      const [[sign, value, at], [otherSign, otherValue, otherAt]] = [valueOf(one), valueOf(other)];
      const isSame = sign === otherSign && value === otherValue && at === otherAt;
      expect(exactNumber(one) === exactNumber(other)).toBe(isSame);
    }),
    { numRuns: 2000 },
  );
});

it('powers that differ only behind many digits or many zeros are others', () => {
  const zeros = '0'.repeat(1_000_000);
  for (const [one, other] of [
    [`1e${zeros}1`, `1e${zeros}2`],
    [`1e1${zeros}1`, `1e1${zeros}2`],
    [`1e-1${zeros}`, `1e1${zeros}`],
  ] as const)
    expect(exactNumber(one)).not.toBe(exactNumber(other));
  expect(exactNumber(`10e1${zeros}`)).toBe(exactNumber(`1e1${zeros.slice(1)}1`));
  expect(exactNumber(`0.1e+1${zeros}`)).toBe(exactNumber(`1E${'9'.repeat(zeros.length)}`));
});
