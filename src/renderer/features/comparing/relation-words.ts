import type { ComparedRelation } from '#shared/contract/comparisons.ts';

/** Why something is offered to be compared with. */
export const relationWords = {
  'previous attempt': 'Previous attempt',
  'next attempt': 'Next attempt',
  'last success': 'Last success of this endpoint',
  sent: 'What was sent',
  arrived: 'What arrived',
  'same event': 'Capture of the same event before it',
  'capture before': 'Capture before it',
} as const satisfies Record<ComparedRelation, string>;
