import { expect, test } from 'vitest';
import { badgeOf, healthState } from '../../../src/renderer/ui/meaning.ts';

test('an endpoint that somebody switched off is at rest, and one that switched itself off has failed', () => {
  const meaning = (disabledReason: 'byHand' | 'gone' | null) =>
    badgeOf(healthState({ health: disabledReason === null ? 'healthy' : 'disabled', disabledReason }));
  expect(meaning('byHand')).toMatchObject({ word: 'disabled', meaning: 'waiting' });
  expect(meaning('gone')).toMatchObject({ word: 'disabled', meaning: 'bad' });
  expect(meaning(null)).toMatchObject({ word: 'healthy', meaning: 'good' });
});
