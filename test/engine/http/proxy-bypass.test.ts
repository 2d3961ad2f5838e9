import { describe, expect, it } from 'vitest';
import { createBypass } from '#engine/http/proxy-bypass.ts';

describe('a list of targets without the proxy', () => {
  it.each([
    ['example.com', 'https://example.com/', true],
    ['example.com', 'https://EXAMPLE.com./', true],
    ['example.com', 'https://api.example.com/', true],
    ['example.com', 'https://notexample.com/', false],
    ['.example.com', 'https://api.example.com/', true],
    ['*.example.com', 'https://api.example.com/', true],
    ['example.com:8080', 'http://example.com:8080/', true],
    ['example.com:8080', 'http://example.com/', false],
    ['example.com:443', 'https://example.com/', true],
    ['10.0.0.0/8', 'http://10.1.2.3/', true],
    ['10.0.0.0/8', 'http://11.1.2.3/', false],
    ['10.0.0.0/8', 'http://ten.example/', false],
    ['10.0.0.0/99', 'http://10.1.2.3/', false],
    ['10.0.0.0/', 'http://11.1.2.3/', false],
    ['10.0.0.0/-0', 'http://11.1.2.3/', false],
    ['10.0.0.0/0x0', 'http://11.1.2.3/', false],
    ['10.0.0.0/0/1', 'http://11.1.2.3/', false],
    ['0.0.0.0/0', 'http://11.1.2.3/', true],
    ['::/', 'http://[2001:db8::1]/', false],
    ['::/0', 'http://11.1.2.3/', false],
    ['::/0', 'http://[2001:db8::1]/', true],
    ['fe80::1%eth0', 'http://[fe80::1]/', false],
    ['192.168.1.7', 'http://192.168.1.7:9/', true],
    ['[2001:db8::]/32', 'http://[2001:db8::1]/', false],
    ['2001:db8::/32', 'http://[2001:db8::1]/', true],
    ['[2001:db8::1]:80', 'http://[2001:db8::1]/', true],
    ['*', 'https://anything.example/', true],
    ['', 'https://anything.example/', false],
  ])('with %j covers %s: %s', (entry, url, isCovered) => {
    expect(createBypass([entry], false)(new URL(url))).toBe(isCovered);
  });

  it.each([
    'http://localhost/',
    'http://bins.localhost:1/',
    'http://127.0.0.1/',
    'http://127.9.9.9/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
  ])('covers this machine at %s where that is chosen', (url) => {
    expect(createBypass([], true)(new URL(url))).toBe(true);
    expect(createBypass([], false)(new URL(url))).toBe(false);
  });
});
