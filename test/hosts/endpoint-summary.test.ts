import { expect, it } from 'vitest';
import { healthText, pendingText, summaryOf } from '#hosts/cli/endpoint-summary.ts';

const endpoint = (health: 'healthy' | 'unsteady' | 'failing' | 'pending' | 'disabled', pendingDeliveries = 0) => ({
  health,
  isActive: health !== 'disabled',
  pendingDeliveries,
});

it('hookyard status counts endpoints by how they fare, and tells apart what waits for disabled ones', () => {
  const summary = summaryOf([
    endpoint('healthy', 2),
    endpoint('healthy'),
    endpoint('unsteady', 1),
    endpoint('failing', 4),
    endpoint('disabled', 3),
  ]);
  expect(healthText(summary.byHealth)).toBe('5: 2 healthy, 1 unsteady, 1 failing, 1 disabled');
  expect(summary.troubled.map(({ health }) => health)).toEqual(['unsteady', 'failing']);
  expect(pendingText(10, summary.waitingForDisabled)).toBe('10 deliveries, of which 3 to disabled endpoints');
  expect(pendingText(1, 0)).toBe('1 delivery');
  expect(healthText(summaryOf([]).byHealth)).toBe('none');
});
