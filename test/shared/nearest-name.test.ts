import { describe, expect, it } from 'vitest';
import { nearestName } from '#shared/names/nearest-name.ts';

describe('the nearest name', () => {
  it.each([
    // Slips of the keyboard: a letter too much, too little, another one, and neighbours in the wrong order.
    ['invoice.payed', ['invoice.paid', 'invoice.sent'], 'invoice.paid'],
    ['invoice.piad', ['invoice.paid'], 'invoice.paid'],
    ['statsu', ['status', 'limit'], 'status'],
    ['INVOICE.PAID', ['invoice.paid'], 'invoice.paid'],
    ['abcd', ['abcx'], 'abcx'],
    // The same words in another order, and joined in another way.
    ['paid.invoice', ['invoice.sent', 'invoice.paid'], 'invoice.paid'],
    ['invoicePaid', ['invoice.paid'], 'invoice.paid'],
    ['invoice_paid', ['invoice.paid', 'invoice.paids'], 'invoice.paid'],
    // The nearest one of several.
    ['parcel.sendt', ['parcel.send', 'parcel.sent', 'parcel.sender'], 'parcel.send'],
    // Another word is no slip, however short the names are.
    ['ab', ['cd'], null],
    ['a.b', ['a.c'], null],
    ['order.created', ['order.deleted', 'user.created'], null],
    ['invoice.refunded', ['invoice.paid'], null],
    ['completely.different', ['x.y'], null],
    ['a', [], null],
    ['', ['', 'a'], null],
    ['x'.repeat(65), ['x'.repeat(64)], null],
    // A URL is nobody's misspelling.
    ['http://invoice.paid', ['invoice.paid', 'http.invoice.paid'], null],
    ['https://example.com/hooks', ['https://example.com/hook'], null],
  ])('to %j among %j is %j', (name, candidates, expected) => {
    expect(nearestName(name, candidates)).toBe(expected);
  });
});
