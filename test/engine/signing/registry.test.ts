import { describe, expect, it } from 'vitest';
import { Refusal } from '#engine/base/refusal.ts';
import { findScheme, parseOptions, schemeOf, schemes } from '#engine/signing/registry.ts';
import { schemeIds } from '#shared/contract/signing.ts';
import { durationInWords } from '#engine/signing/timestamp.ts';

function issuesOf(work: () => unknown) {
  try {
    work();
  } catch (error) {
    if (error instanceof Refusal && error.code === 'INPUT_INVALID') return (error as Refusal<'INPUT_INVALID'>).data.issues;
    throw error;
  }
  throw new Error('Nothing was refused.');
}

describe('the registry', () => {
  it('finds every scheme by its id and nothing else', () => {
    expect(schemes.map((scheme) => scheme.id)).toEqual(schemeIds);
    for (const scheme of schemes) {
      expect(findScheme(scheme.id)).toBe(scheme);
      expect(schemeOf(scheme.id)).toBe(scheme);
    }
    expect(findScheme('toString')).toBeUndefined();
  });

  it('fills options up with their defaults', () => {
    expect(parseOptions('standard-webhooks')).toEqual({ scheme: 'standard-webhooks' });
    expect(parseOptions('custom', { scheme: 'custom', header: 'X-Sig' })).toMatchObject({
      scheme: 'custom',
      header: 'X-Sig',
      algorithm: 'sha256',
      toleranceSeconds: 300,
    });
  });

  it('refuses an unknown scheme with the nearest and all that are known', () => {
    const [issue] = issuesOf(() => parseOptions('standardwebhook'));
    expect(issue?.path).toBe('scheme');
    expect(issue?.message).toBe(
      `There is no scheme "standardwebhook". Did you mean standard-webhooks? Known schemes: ${schemeIds.join(', ')}.`,
    );
    expect(issuesOf(() => parseOptions('zzzzzzzzz'))[0]?.message).not.toContain('Did you mean');
  });

  it.each([
    ['custom', { header: 'X Sig' }, 'options.header'],
    ['custom', { algorithm: 'md5' }, 'options.algorithm'],
    ['custom', { signedContent: '{timestamp}' }, 'options.signedContent'],
    ['custom', { signedContent: '{ts}.{body}' }, 'options.signedContent'],
    ['custom', { signedContent: '{timestamp}.{body}' }, 'options.timestampHeader'],
    ['custom', { signedContent: '{id}.{body}' }, 'options.idHeader'],
    ['custom', { idHeader: 'x-signature' }, 'options.idHeader'],
    ['custom', { timestampHeader: 'X-Time', idHeader: 'x-time' }, 'options.idHeader'],
    ['custom', { encoding: 'jwt', algorithm: 'sha1' }, 'options.algorithm'],
    ['custom', { digestClaim: 'sha256' }, 'options.digestClaim'],
    ['custom', { signedContent: '{bodySha}' }, 'options.signedContent'],
    ['custom', { separator: '|' }, 'options.separator'],
    ['custom', { prefix: ' sha256=' }, 'options.prefix'],
    ['custom', { scheme: 'standard-webhooks' }, 'options.scheme'],
    ['standard-webhooks', { header: 'X-Sig' }, 'options'],
    ['standard-webhooks', { toleranceSeconds: -1 }, 'options.toleranceSeconds'],
    ['github-sha256', { toleranceSeconds: 60 }, 'options'],
  ])('refuses options of %s that are wrong and names the field: %j', (scheme, options, path) => {
    const issues = issuesOf(() => parseOptions(scheme, options));
    expect(issues.map((issue) => issue.path)).toContain(path);
  });
});

describe('a length of time in words', () => {
  it.each([
    [0, '0 seconds'],
    [0.4, 'less than a second'],
    [1, '1 second'],
    [90, '1 minute 30 seconds'],
    [300, '5 minutes'],
    [3605, '1 hour'],
    [86_400 * 2 + 3600, '2 days 1 hour'],
    [365 * 86_400 * 1234, '1,234 years'],
  ])('of %d seconds is %s', (seconds, words) => {
    expect(durationInWords(seconds)).toBe(words);
  });
});
