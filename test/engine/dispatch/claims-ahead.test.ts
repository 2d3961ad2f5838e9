import { describe, expect, it } from 'vitest';
import { createClaimsAhead } from '#engine/dispatch/claims-ahead.ts';

/** One claim during which so many attempts end. */
function claimWith(ahead: ReturnType<typeof createClaimsAhead>, endpointId: string, ended: number, limit = 64): number {
  ahead.claimBegan(endpointId);
  for (let count = 0; count < ended; count += 1) ahead.attemptEnded(endpointId);
  ahead.claimEnded(endpointId, limit);
  return ahead.of(endpointId);
}

describe('claims ahead of their turn', () => {
  it('are none for an endpoint that ends no attempt meanwhile', () => {
    const ahead = createClaimsAhead();
    expect([ahead.of('ep_1'), claimWith(ahead, 'ep_1', 0), ahead.inAll()]).toEqual([0, 0, 0]);
  });

  it('are eight for each attempt that ended, up to the limit, and each endpoint has its own', () => {
    const ahead = createClaimsAhead();
    expect([claimWith(ahead, 'ep_1', 5), claimWith(ahead, 'ep_2', 100, 10)]).toEqual([40, 80]);
    expect(ahead.inAll()).toBe(120);
  });

  it('stay high over a claim that saw little end, and sink to none when the endpoint slows down', () => {
    const ahead = createClaimsAhead();
    claimWith(ahead, 'ep_1', 10);
    expect(claimWith(ahead, 'ep_1', 1)).toBe(72);
    let claims = 0;
    while (claimWith(ahead, 'ep_1', 0) > 0) claims += 1;
    expect(claims).toBeLessThan(30);
    expect(ahead.inAll()).toBe(0);
  });

  it('do not count an attempt that ends while no claim is on its way', () => {
    const ahead = createClaimsAhead();
    ahead.attemptEnded('ep_1');
    expect(claimWith(ahead, 'ep_1', 0)).toBe(0);
  });
});
