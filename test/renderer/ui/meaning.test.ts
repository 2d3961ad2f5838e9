import { expect, test } from 'vitest';
import { endpointCount } from '../../../src/renderer/features/endpoints/endpoints-store.ts';
import { badgeOf, healthState, signatureWord } from '../../../src/renderer/ui/meaning.ts';

test('an endpoint that somebody switched off is at rest, and one that switched itself off has failed', () => {
  const meaning = (disabledReason: 'byHand' | 'gone' | null) =>
    badgeOf(healthState({ health: disabledReason === null ? 'healthy' : 'disabled', disabledReason }));
  expect(meaning('byHand')).toMatchObject({ word: 'disabled', meaning: 'waiting' });
  expect(meaning('gone')).toMatchObject({ word: 'disabled', meaning: 'bad' });
  expect(meaning(null)).toMatchObject({ word: 'healthy', meaning: 'good' });
});

test('the count beside the title of Endpoints tells those that are disabled apart', () => {
  const endpoints = (active: number, disabled: number) =>
    Array.from({ length: active + disabled }, (_, index) => ({ isActive: index < active }));
  expect(endpointCount(endpoints(0, 0))).toBe('0');
  expect(endpointCount(endpoints(3, 0))).toBe('3');
  expect(endpointCount(endpoints(1234, 2))).toBe('1,236, 2 disabled');
  expect(endpointCount(endpoints(0, 1))).toBe('1, 1 disabled');
});

test('a signature that was compared with nothing is neither right nor wrong', () => {
  expect(badgeOf('unchecked')).toMatchObject({ word: 'not checked', meaning: 'waiting' });
  expect((['valid', 'invalid', 'unsigned', 'unchecked'] as const).map(signatureWord)).toEqual([
    'signature valid',
    'signature invalid',
    'not signed',
    'signature not checked',
  ]);
});
