import { describe, expect, it } from 'vitest';
import { codeSchemeIds } from '#shared/contract/scheme-facts.ts';
import { judge, vectorsOf } from '../../support/vectors.ts';

/** How many vectors the providers and standards published for each scheme; the others have none. */
const published: Readonly<Record<string, number>> = {
  'standard-webhooks-v1a': 2,
  sendgrid: 6,
  plaid: 5,
  rfc9421: 24,
  'hubspot-v1': 2,
  'hubspot-v2': 5,
  'hubspot-v3': 5,
  square: 5,
  'twilio-form': 14,
  'twilio-json': 5,
  'adyen-payments': 5,
  'adyen-header': 3,
  box: 15,
};

describe.each(codeSchemeIds)('the published vectors of %s', (scheme) => {
  const vectors = vectorsOf(scheme);

  it('are all in the fixtures', () => {
    expect(vectors).toHaveLength(published[scheme] ?? 0);
  });

  it.each(vectors.map((vector) => [vector.id, vector] as const))('are judged right: %s', (_id, vector) => {
    const result = judge(vector);
    expect(result.verdict, result.message).toBe(vector.expect);
  });
});
