import { describe, expect, it } from 'vitest';
import { table } from '#hosts/cli/output.ts';
import { createFileReader } from '#hosts/cli/input.ts';
import { parseRetry } from '#hosts/cli/retry-flag.ts';
import { readSchemeOptions, readSecrets, readSigning } from '#hosts/cli/signing-flags.ts';
import { defaultDataDir } from '#hosts/shared/data-dir.ts';

describe('the default data folder', () => {
  it.each([
    ['linux', {}, '/home/alice/.local/share/hookyard'],
    ['linux', { XDG_DATA_HOME: '/data' }, '/data/hookyard'],
    ['linux', { XDG_DATA_HOME: '' }, '/home/alice/.local/share/hookyard'],
    ['darwin', {}, '/home/alice/Library/Application Support/Hookyard'],
    ['darwin', { HOOKYARD_DATA_DIR: '/elsewhere' }, '/elsewhere'],
  ] as const)('on %s with %o is %s', (platform, env, expected) => {
    expect(defaultDataDir({ platform, env, homeDir: '/home/alice' })).toBe(expected);
  });

  it('on Windows lies in the roaming profile', () => {
    expect(defaultDataDir({ platform: 'win32', env: { APPDATA: '/profile' }, homeDir: '/home/alice' })).toBe('/profile/Hookyard');
  });
});

describe('--retry', () => {
  it.each([
    ['none', 'none'],
    ['standard-webhooks', 'standard-webhooks'],
    ['1s', { kind: 'schedule', delaysMs: [1000], jitter: { kind: 'none' } }],
    ['250ms, 1.5s,5m,1h', { kind: 'schedule', delaysMs: [250, 1500, 300_000, 3_600_000], jitter: { kind: 'none' } }],
    ['{"kind": "none"}', { kind: 'none' }],
    ['{"kind": "named", "policyId": "pol_1"}', { kind: 'named', policyId: 'pol_1' }],
    [
      '{"kind": "exponential", "baseMs": 100, "maxAttempts": 3}',
      { kind: 'exponential', baseMs: 100, factor: 2, maxDelayMs: 86_400_000, maxAttempts: 3, jitter: { kind: 'none' } },
    ],
  ])('reads %s', (text, expected) => {
    expect(parseRetry(text)).toEqual(expected);
  });

  it.each(['often', '1 year', '1s,,2s', '{"kind": "never"}', '{kind'])('refuses %s with a sentence', (text) => {
    expect(() => parseRetry(text)).toThrow(expect.objectContaining({ exitCode: 2, message: expect.stringContaining('--retry') }));
  });

  it('says what in a policy is wrong, and where', () => {
    expect(() => parseRetry('{"kind": "schedule", "delaysMs": [1, -5]}')).toThrow(/delaysMs\.1: Use at least 0 ms\./);
  });
});

describe('the options about signing', () => {
  const files = createFileReader();

  it('takes secrets from the command line before the environment', () => {
    expect(readSecrets({ secret: ['a', 'b'] }, files, { HOOKYARD_SECRET: 'c' })).toEqual(['a', 'b']);
    expect(readSecrets({}, files, { HOOKYARD_SECRET: 'c' })).toEqual(['c']);
    expect(readSecrets({}, files, {})).toEqual([]);
  });

  it('reads numbers, booleans, null and quoted text as such, and everything else as text', () => {
    expect(readSchemeOptions({ option: ['toleranceSeconds=60', 'timestampHeader=null', 'prefix=sha256=', 'header="1"'] })).toEqual({
      toleranceSeconds: 60,
      timestampHeader: null,
      prefix: 'sha256=',
      header: '1',
    });
  });

  it('signs with standard-webhooks when only a secret is given, and not at all without one', () => {
    expect(readSigning({}, true)).toEqual({ scheme: 'standard-webhooks' });
    expect(readSigning({}, false)).toBeNull();
  });

  it.each([
    [{ scheme: 'strype' }, 'There is no scheme strype'],
    [{ scheme: 'custom', option: ['algorithm=md4'] }, 'algorithm'],
    [{ scheme: 'standard-webhooks', option: ['header=X'] }, 'header'],
    [{ scheme: 'custom', option: ['header'] }, 'key=value'],
  ])('refuses %o and says why', (flags, expected) => {
    expect(() => readSigning(flags, true)).toThrow(expect.objectContaining({ exitCode: 2, message: expect.stringContaining(expected) }));
  });
});

describe('output for people', () => {
  it('aligns columns and leaves no space at the end of a line', () => {
    expect(
      table(
        ['ID', 'NAME', 'X'],
        [
          ['1', 'long name', ''],
          ['22', 'n', 'y'],
        ],
      ),
    ).toBe('ID  NAME       X\n1   long name\n22  n          y');
  });
});
