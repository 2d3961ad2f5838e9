import { expect, it } from 'vitest';
import { stoppedText } from '#shared/run-words.ts';

it.each([
  [[], null, 'Stopped after 0 of 0 steps; what was under way is cancelled.'],
  [['step'], { steps: 2, wholeTitles: [] }, 'Stopped after 1 of 2 steps; what was under way is cancelled.'],
  [
    ['step', 'whole'],
    { steps: 1, wholeTitles: ['3 captures', 'none within 2 s'] },
    'Stopped after 1 of 1 steps and 1 of 2 expectations of the whole; what was under way is cancelled.',
  ],
] as const)('a run that was stopped says what of it was decided (%j)', (kinds, started, text) => {
  expect(
    stoppedText(
      kinds.map((kind) => ({ kind })),
      started === null ? null : { ...started, wholeTitles: [...started.wholeTitles] },
    ),
  ).toBe(text);
});
