import { expect, test } from 'vitest';
import { coarseText, durationText } from '../../src/shared/duration-text.ts';
import { bytesText, countText, parseBytes, shortId } from '../../src/renderer/base/size-format.ts';
import { ageText, clockText, countdownText, untilText, exactText, relativeText } from '../../src/renderer/base/time-format.ts';

const now = Date.UTC(2026, 7, 20, 14, 3, 11, 250);

test.each([
  [0, '0 ms'],
  [0.84, '0.8 ms'],
  [412, '412 ms'],
  [999.6, '1.00 s'],
  [1240, '1.24 s'],
  [15_000, '15.0 s'],
  [252_000, '4 m 12 s'],
  [3_600_000, '1 h'],
  [3_599_600, '1 h'],
  [75 * 3_600_000, '3 d 3 h'],
])('%d ms is written as %s', (durationMs, text) => {
  expect(durationText(durationMs)).toBe(text);
});

test('a wait is written in whole seconds or larger units', () => {
  expect([400, 59_400, 59_600, 86_399_999].map(coarseText)).toEqual(['0 s', '59 s', '1 m', '1 d']);
});

test('moments are written relative to now, in one unit', () => {
  expect(relativeText(now - 1000, now)).toBe('now');
  expect(relativeText(now - 125_000, now)).toBe('2 m ago');
  expect(relativeText(now + 125_000, now)).toBe('in 2 m');
  expect(ageText(now - 90_000_000, now)).toBe('1 d');
});

test('a countdown never says zero seconds before it is due', () => {
  expect(countdownText(now + 200, now)).toBe('in 1 s');
  expect(countdownText(now, now)).toBe('due');
  expect([untilText(now + 4000, now), untilText(now, now)]).toEqual(['in 4 s', 'now']);
});

test('the exact time names its zone', () => {
  expect(exactText(now, true)).toBe('2026-08-20 14:03:11.250 UTC');
  expect(exactText(now, false)).toMatch(/^2026-08-2\d \d\d:\d\d:11\.250 [+-]\d\d:\d\d$/);
});

test('the axis leaves the day out while it is today', () => {
  expect(clockText(now, now, true)).toBe('14:03:11');
  expect(clockText(now - 86_400_000, now, true)).toBe('08-19 14:03');
});

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1 KiB'],
  [1536, '1.5 KiB'],
  [1_048_575, '1 MiB'],
  [16_777_216, '16 MiB'],
])('%d bytes are written as %s', (bytes, text) => {
  expect(bytesText(bytes)).toBe(text);
});

test.each([
  ['512', 512],
  ['64 KiB', 65_536],
  ['1.5m', 1_572_864],
  ['16 MB', 16_777_216],
  ['ten', null],
  ['5 furlongs', null],
])('the size %s is read as %s bytes', (text, bytes) => {
  expect(parseBytes(text)).toBe(bytes);
});

test('counts carry their noun and ids keep both ends', () => {
  expect(countText(1, 'delivery', 'deliveries')).toBe('1 delivery');
  expect(countText(12_400, 'delivery', 'deliveries')).toBe('12,400 deliveries');
  expect(shortId('dlv_01m7r2k3v4w5x6y7z8a9b0c1d2')).toBe('dlv_01m\u20260c1d2');
  expect(shortId('dlv_short')).toBe('dlv_short');
});
