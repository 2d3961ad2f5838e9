import { describe, expect, it } from 'vitest';
import {
  pageKeyOf,
  pageMarkOf,
  refuseCall,
  refuseSocket,
  refuseStranger,
  sessionOf,
  type RequestFacts,
  type SocketFacts,
} from '#hosts/headless/access.ts';

const door = { port: 4600, token: 'right-token-of-the-door' };

const anonymous: RequestFacts = { host: '127.0.0.1:4600', origin: undefined, authorization: undefined };
const bearer = { ...anonymous, authorization: `Bearer ${door.token}` };
const noPage = { session: undefined, isPageProven: false };
const page: SocketFacts = {
  ...anonymous,
  origin: 'http://127.0.0.1:4600',
  session: sessionOf(door.token),
  isPageProven: true,
};

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
    ['refuses a page of another site even with the token', { ...bearer, origin: 'https://evil.example' }, 'ORIGIN_REFUSED'],
    ['refuses a page of another port', { ...bearer, origin: 'http://127.0.0.1:3000' }, 'ORIGIN_REFUSED'],
    ['refuses a page that hides its origin', { ...bearer, origin: 'null' }, 'ORIGIN_REFUSED'],
    ['refuses an https page of our own name', { ...bearer, origin: 'https://127.0.0.1:4600' }, 'ORIGIN_REFUSED'],
    ['refuses a request without a token', anonymous, 'UNAUTHORIZED'],
    ['refuses a wrong token', { ...anonymous, authorization: 'Bearer wrong-token-of-the-door' }, 'UNAUTHORIZED'],
    ['refuses the beginning of the token', { ...anonymous, authorization: 'Bearer right' }, 'UNAUTHORIZED'],
    ['refuses another kind of credentials', { ...anonymous, authorization: `Basic ${door.token}` }, 'UNAUTHORIZED'],
    ['refuses what opens a page only', { ...anonymous, authorization: `Bearer ${pageKeyOf(door.token)}` }, 'UNAUTHORIZED'],
  ])('%s', (_name, request, code) => {
    expect(refuseCall(request, door)?.code ?? null).toBe(code);
    expect(refuseSocket({ ...request, ...noPage }, door)?.code ?? null, 'the same for a WebSocket').toBe(code);
  });

  it.each<readonly [string, SocketFacts, string | null]>([
    ['lets our own page in', page, null],
    ['lets our own page in by its other name', { ...page, origin: 'http://localhost:4600', host: 'localhost:4600' }, null],
    [
      'refuses the cookie without a proof of the page key, which is all that a neighbour can have',
      { ...page, isPageProven: false },
      'UNAUTHORIZED',
    ],
    ['refuses the proof without the cookie', { ...page, session: undefined }, 'UNAUTHORIZED'],
    ['refuses the cookie of another start', { ...page, session: sessionOf('another') }, 'UNAUTHORIZED'],
    ['refuses the token itself as a cookie', { ...page, session: door.token }, 'UNAUTHORIZED'],
    ['refuses the cookie that marks the page', { ...page, session: pageMarkOf(door.token) }, 'UNAUTHORIZED'],
    ['refuses a page of another port with both', { ...page, origin: 'http://127.0.0.1:4601' }, 'ORIGIN_REFUSED'],
    ['refuses both from outside a browser without an Origin', { ...page, origin: undefined }, 'ORIGIN_REFUSED'],
    ['refuses another name of this machine with both', { ...page, host: 'evil.example' }, 'HOST_REFUSED'],
    ['does not fall back to the page after a wrong token', { ...page, authorization: 'Bearer wrong' }, 'UNAUTHORIZED'],
  ])('%s', (_name, request, code) => {
    expect(refuseSocket(request, door)?.code ?? null).toBe(code);
  });

  it('tells in each refusal what to do, and never the token', () => {
    for (const refused of [
      refuseCall({ ...bearer, host: 'evil.example' }, door),
      refuseCall({ ...bearer, origin: 'null' }, door),
      refuseCall(anonymous, door),
      refuseCall({ ...anonymous, authorization: 'Bearer x' }, door),
      refuseSocket({ ...page, isPageProven: false }, door),
      refuseSocket({ ...page, origin: undefined }, door),
    ]) {
      expect(refused?.message).toMatch(/: .{10,}/);
      expect(JSON.stringify(refused)).not.toContain(door.token);
    }
  });

  it('lets anybody on this machine have the files of the page, but no stranger', () => {
    expect(refuseStranger(anonymous, door)).toBeNull();
    expect(refuseStranger({ ...anonymous, host: 'evil.example' }, door)?.code).toBe('HOST_REFUSED');
  });

  it('derives cookies and the page key, none from another and none that shows the token', () => {
    const derived = [sessionOf(door.token), pageMarkOf(door.token), pageKeyOf(door.token)];
    expect(new Set([...derived, sessionOf('another'), pageMarkOf('another'), pageKeyOf('another')]).size).toBe(6);
    for (const value of derived) expect(value).not.toContain(door.token);
  });
});
