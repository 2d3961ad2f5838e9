import { expect, test } from 'vitest';
import { readSettings, settingNames, settingWords, textsOf } from '../../../src/renderer/features/settings/setting-fields.ts';
import { settings as contract } from '../../../src/shared/contract/system.ts';

const settings = contract.parse({
  timeScale: 1,
  maxConcurrency: 512,
  maxConcurrencyPerEndpoint: 16,
  bodyLimitBytes: 1024 ** 2,
  responseBodyKeptBytes: 0,
  keepDays: 90,
  keepDeliveries: null,
  keepCaptures: 10_000,
  keepCaptureBytes: 1024 ** 3,
  keepBytes: null,
  theme: 'dark',
  isUtc: false,
  isHttpsOn: false,
  openAddress: null,
  allowedSenders: ['192.168.1.20', 'fd00::/64'],
  activeEnvironmentId: null,
  proxy: 'own',
  proxyUrl: 'http://proxy.example:3128',
  proxyUser: null,
  hasProxyPassword: true,
  noProxy: ['example.com', '10.0.0.0/8'],
  bypassLoopback: true,
});

test('what stands in a field is read back as it is saved', () => {
  const {
    theme: _theme,
    isUtc: _isUtc,
    isHttpsOn: _https,
    openAddress: _open,
    activeEnvironmentId: _active,
    proxy: _proxy,
    hasProxyPassword: _has,
    bypassLoopback: _loopback,
    ...typed
  } = settings;
  expect(readSettings(textsOf(settings), settingNames)).toEqual({ value: typed });
  expect(settingWords.map(({ name }) => name)).toEqual(settingNames);
});

test('only the edited fields are sent, and each that cannot be read says what to type', () => {
  const texts = { ...textsOf(settings), timeScale: '60x', keepCaptures: 'some', maxConcurrency: 'many' };
  expect(readSettings(texts, ['timeScale'])).toEqual({ value: { timeScale: 60 } });
  expect(readSettings(texts, ['timeScale', 'keepCaptures', 'maxConcurrency'])).toEqual({
    issues: { keepCaptures: 'Write a whole number, or no limit.', maxConcurrency: 'Write a whole number from 1 to 4096.' },
  });
});
