import { describe, expect, it } from 'vitest';
import { arrivalFacts, couldHaveSent, fitsWithoutMarks } from '#engine/comparing/could-have-sent.ts';

describe('an attempt could have sent a request', () => {
  it.each([
    { what: 'that arrived after it began', attempt: { startedAtMs: 999, source: undefined }, could: true },
    { what: 'that arrived as it began', attempt: { startedAtMs: 1000, source: undefined }, could: true },
    { what: 'that arrived before it began', attempt: { startedAtMs: 1001, source: undefined }, could: false },
    { what: 'stored after the capture that it brings', attempt: { startedAtMs: 1000, source: { seq: 6, binId: 'bin_1' } }, could: true },
    { what: 'that is the capture that it brings', attempt: { startedAtMs: 1000, source: { seq: 7, binId: 'bin_1' } }, could: false },
    { what: 'stored before the capture that it brings', attempt: { startedAtMs: 1000, source: { seq: 8, binId: 'bin_1' } }, could: false },
  ])('$what: $could', ({ attempt, could }) => {
    expect(couldHaveSent(attempt, { receivedAtMs: 1000, seq: 7 })).toBe(could);
  });

  it('that was pasted, whatever capture it brings', () => {
    expect(couldHaveSent({ startedAtMs: 1000, source: { seq: 8, binId: 'bin_1' } }, { receivedAtMs: 1000, seq: null })).toBe(true);
  });
});

describe('an attempt with the same body fits a capture', () => {
  const sent = { method: 'POST', url: 'http://127.0.0.1:4000/shop/a', endedAtMs: 100_000, source: undefined, relayId: null };
  const captured = {
    seq: 7,
    id: 'cap_1',
    bodyHash: new Uint8Array(),
    bodyBytes: 7,
    isBodyTruncated: 0,
    deliveryId: null,
    binId: 'bin_1',
    method: 'POST',
    target: '/shop/a',
    headersJson: '[["Host","127.0.0.1:4000"]]',
    arrivalJson: null,
    receivedAtMs: 100_000,
  };
  const publicly = { arrivalJson: JSON.stringify({ by: 'path', tls: null, publicUrl: 'https://t.example/in', trustsProxy: false }) };
  const named = { arrivalJson: JSON.stringify({ by: 'host', tls: null, publicUrl: null, trustsProxy: false }) };

  it.each([
    { what: 'at the same URL', fits: true },
    { what: 'at the same path of a tunnel', attempt: { url: 'https://abc.tunnel.example/shop/a?k=1' }, fits: true },
    {
      what: 'at the same path of a bin named by its host',
      capture: { ...named, target: '/a' },
      attempt: { url: 'http://x.example/a' },
      fits: true,
    },
    { what: 'at the absolute form of the path', capture: { target: 'http://127.0.0.1:4000/shop/a' }, fits: true },
    { what: 'at another path', attempt: { url: 'http://127.0.0.1:4000/hook' }, fits: false },
    { what: 'at a path above', attempt: { url: 'http://127.0.0.1:4000/shop' }, fits: false },
    { what: 'at the root', attempt: { url: 'http://127.0.0.1:4000' }, fits: false },
    { what: 'at the public URL', capture: publicly, attempt: { url: 'https://t.example/in/a' }, fits: true },
    { what: 'at the path of the public URL elsewhere', capture: publicly, attempt: { url: 'https://u.example/in/a' }, fits: false },
    { what: 'by another method', attempt: { method: 'PUT' }, fits: false },
    { what: 'still under way', attempt: { endedAtMs: null }, fits: true },
    { what: 'that ended afterwards', attempt: { endedAtMs: 400_000 }, fits: true },
    { what: 'that ended 10 s before', attempt: { endedAtMs: 90_000 }, fits: true },
    { what: 'that ended longer before', attempt: { endedAtMs: 89_999 }, fits: false },
    { what: 'forwarded by a relay of its own bin', attempt: { relayId: 'rly_1', source: { seq: 6, binId: 'bin_1' } }, fits: false },
    { what: 'forwarded by a relay of another bin', attempt: { relayId: 'rly_1', source: { seq: 6, binId: 'bin_2' } }, fits: true },
    { what: 'replayed from its own bin', attempt: { source: { seq: 6, binId: 'bin_1' } }, fits: true },
  ])('$what: $fits', ({ attempt = {}, capture = {}, fits }) => {
    expect(fitsWithoutMarks({ ...sent, ...attempt }, arrivalFacts({ ...captured, ...capture }))).toBe(fits);
  });
});
