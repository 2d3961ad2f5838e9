import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAllowList, senderProblem } from '#engine/capture/open/allow-list.ts';

describe('an allow-list', () => {
  it.each([
    ['192.168.1.20', '192.168.1.20', '192.168.1.21'],
    ['192.168.1.0/24', '192.168.1.255', '192.168.2.0'],
    ['10.0.0.0/8', '::ffff:10.1.2.3', '::ffff:11.0.0.1'],
    ['::ffff:10.0.0.1', '10.0.0.1', '10.0.0.2'],
    ['::ffff:a00:0/104', '10.255.0.1', '11.0.0.1'],
    ['fd00::/64', 'fd00::1', 'fd00:0:0:1::1'],
    ['FD00:0::5', 'fd00::5', 'fd00::6'],
    ['::/8', '::1', '10.0.0.1'],
    ['fc00::/7', 'fdff::', '::ffff:10.0.0.1'],
  ])('of %s lets %s in and not %s', (entry, inside, outside) => {
    expect(senderProblem(entry)).toBeNull();
    expect([inside, outside].map(createAllowList([entry]))).toEqual([true, false]);
  });

  it.each([
    '',
    'all',
    '*',
    'example.com',
    '10.0.0.0/33',
    '10.0.0.0/08',
    '10.0.0.0/',
    '10.0.0',
    '010.0.0.1',
    'fe80::1%eth0',
    '::/129',
    '1.2.3.4:80',
  ])('does not take %j, which lets nobody in', (entry) => {
    expect(senderProblem(entry)).toMatch(/is neither an address nor a network: write it like 192\.168\.1\.20/);
    expect(['10.0.0.1', '::1', ''].map(createAllowList([entry]))).toEqual([false, false, false]);
  });

  it.each(['0.0.0.0/1', '128.0.0.0/7', '::/1', '8000::/6', '::ffff:0.0.0.0/97'])(
    'does not take %s, of which a few would be everybody',
    (entry) => {
      expect(senderProblem(entry)).toMatch(/is too large a network: a few of its size would let everybody in/);
    },
  );

  it.each(['0.0.0.0/0', '::/0', '::ffff:0:0/96', '::ffff:1.2.3.4/90'])('does not take %s, which would be everybody', (entry) => {
    expect(senderProblem(entry)).toMatch(/would let everybody in/);
    expect(['10.0.0.1', '::1'].map(createAllowList([entry]))).toEqual([false, false]);
  });

  it('of no entries lets nobody in, and nobody without an address', () => {
    expect(createAllowList([])('127.0.0.1')).toBe(false);
    expect(createAllowList(['10.0.0.0/8'])('')).toBe(false);
  });

  it('knows an address of IPv4 however it is written as IPv6, and no other', () => {
    const byte = fc.nat(255);
    const hex = (high: number, low: number) => (high * 256 + low).toString(16);
    fc.assert(
      fc.property(fc.tuple(byte, byte, byte, byte), fc.tuple(byte, byte, byte, byte), ([a, b, c, d], other) => {
        const isIn = createAllowList([`${a}.${b}.${c}.${d}`]);
        const same = [
          `::ffff:${a}.${b}.${c}.${d}`,
          `::FFFF:${hex(a, b)}:${hex(c, d)}`,
          `0:0:0:0:0:ffff:${hex(a, b).padStart(4, '0')}:${hex(c, d).padStart(4, '0')}`,
        ];
        expect(same.map(isIn)).toEqual([true, true, true]);
        expect(isIn(`::ffff:${other.join('.')}`)).toBe(other.join() === [a, b, c, d].join());
        // The same bits below another prefix are another machine.
        expect(isIn(`::${hex(a, b)}:${hex(c, d)}`)).toBe(false);
      }),
    );
  });
});
