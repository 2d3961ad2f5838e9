import { describe, expect, it } from 'vitest';
import { pageMarkOf, refuseEntry, refuseStranger, sessionOf, type RequestFacts } from '#hosts/headless/access.ts';

const door = { port: 4600, token: 'right-token-of-the-door' };

const anonymous: RequestFacts = {
  method: 'GET',
  isUpgrade: false,
  host: '127.0.0.1:4600',
  origin: undefined,
  fetchSite: undefined,
  authorization: undefined,
  session: undefined,
};
const bearer = { ...anonymous, authorization: `Bearer ${door.token}` };
const cookie = { ...anonymous, session: sessionOf(door.token) };

describe('the door of the headless host', () => {
  it.each<readonly [string, RequestFacts, string | null]>([
    ['lets a script in with the token', bearer, null],
    ['takes the scheme of the header in any case', { ...anonymous, authorization: `bearer ${door.token}` }, null],
    ['answers to localhost', { ...bearer, host: 'localhost:4600' }, null],
    ['answers to the IPv6 loopback', { ...bearer, host: '[::1]:4600' }, null],
    ['refuses a name that someone pointed at this machine', { ...bearer, host: 'evil.example:4600' }, 'HOST_REFUSED'],
    ['refuses the right name with another port', { ...bearer, host: '127.0.0.1:4601' }, 'HOST_REFUSED'],
    ['refuses a name that only begins with ours', { ...bearer, host: '127.0.0.1:4600.evil.example' }, 'HOST_REFUSED'],
    ['refuses a request without a Host', { ...bearer, host: undefined }, 'HOST_REFUSED'],
    ['refuses a page of another site even with the token', { ...bearer, method: 'POST', origin: 'https://evil.example' }, 'ORIGIN_REFUSED'],
    ['refuses a page of another port', { ...bearer, method: 'POST', origin: 'http://127.0.0.1:3000' }, 'ORIGIN_REFUSED'],
    ['refuses a page that hides its origin', { ...bearer, method: 'POST', origin: 'null' }, 'ORIGIN_REFUSED'],
    ['refuses an https page of our own name', { ...bearer, method: 'POST', origin: 'https://127.0.0.1:4600' }, 'ORIGIN_REFUSED'],
    ['refuses a WebSocket of another site', { ...bearer, isUpgrade: true, origin: 'https://evil.example' }, 'ORIGIN_REFUSED'],
    ['refuses a request without a token', anonymous, 'UNAUTHORIZED'],
    ['refuses a wrong token', { ...anonymous, authorization: 'Bearer wrong-token-of-the-door' }, 'UNAUTHORIZED'],
    ['refuses the beginning of the token', { ...anonymous, authorization: 'Bearer right' }, 'UNAUTHORIZED'],
    ['refuses another kind of credentials', { ...anonymous, authorization: `Basic ${door.token}` }, 'UNAUTHORIZED'],
    [
      'does not fall back to the cookie after a wrong token',
      { ...cookie, fetchSite: 'same-origin', authorization: 'Bearer wrong' },
      'UNAUTHORIZED',
    ],
    ['refuses the token itself as a cookie', { ...cookie, fetchSite: 'same-origin', session: door.token }, 'UNAUTHORIZED'],
    ['refuses the cookie that marks the page', { ...cookie, fetchSite: 'same-origin', session: pageMarkOf(door.token) }, 'UNAUTHORIZED'],
    ['lets our page in by its cookie', { ...cookie, method: 'POST', origin: 'http://127.0.0.1:4600' }, null],
    ['lets our page read by its cookie', { ...cookie, fetchSite: 'same-origin' }, null],
    ['lets a typed address read by the cookie', { ...cookie, fetchSite: 'none' }, null],
    ['refuses a typed address that would change something', { ...cookie, method: 'POST', fetchSite: 'none' }, 'ORIGIN_REFUSED'],
    ['refuses the cookie from a page of another port', { ...cookie, fetchSite: 'same-site' }, 'ORIGIN_REFUSED'],
    ['refuses the cookie from another site', { ...cookie, fetchSite: 'cross-site' }, 'ORIGIN_REFUSED'],
    ['refuses the cookie where the browser does not say whose page asks', cookie, 'ORIGIN_REFUSED'],
    [
      'lets the WebSocket of our page in by its cookie',
      { ...cookie, isUpgrade: true, origin: 'http://localhost:4600', host: 'localhost:4600' },
      null,
    ],
    ['refuses a WebSocket by cookie without an Origin', { ...cookie, isUpgrade: true, fetchSite: 'same-origin' }, 'ORIGIN_REFUSED'],
  ])('%s', (_name, request, code) => {
    expect(refuseEntry(request, door)?.code ?? null).toBe(code);
  });

  it('tells in each refusal what to do, and never the token', () => {
    for (const request of [
      { ...bearer, host: 'evil.example' },
      { ...bearer, origin: 'null' },
      anonymous,
      { ...anonymous, authorization: 'Bearer x' },
      cookie,
    ]) {
      const refused = refuseEntry(request, door);
      expect(refused?.message).toMatch(/: .{10,}/);
      expect(JSON.stringify(refused)).not.toContain(door.token);
    }
  });

  it('lets anybody on this machine have the files of the page, but no stranger', () => {
    expect(refuseStranger(anonymous, door)).toBeNull();
    expect(refuseStranger({ ...anonymous, host: 'evil.example' }, door)?.code).toBe('HOST_REFUSED');
  });

  it('derives cookies from which the token cannot be read, another for each token', () => {
    expect(sessionOf(door.token)).not.toBe(sessionOf('another'));
    expect(sessionOf(door.token)).not.toBe(pageMarkOf(door.token));
    expect(sessionOf(door.token)).not.toContain(door.token);
  });
});
