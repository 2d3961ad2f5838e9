import { describe, expect, it } from 'vitest';
import { normalAnswer, normalAnswerChars } from '#engine/deliveries/normal-answer.ts';
import { cpuMsOf } from '../../support/cpu-time.ts';

describe('a normalised answer', () => {
  it.each([
    ['No such customer: cus_9s6XKzkNRiz8i3', 'No such customer: cus_{id}'],
    ['Order 1042 of 2026-11-30T08:04:22.120Z is unknown', 'Order {number} of {time} is unknown'],
    ['at Mon, 30 Nov 2026 08:04:22 GMT', 'at {time}'],
    ['request 0b7f3c1e-9d55-4f0a-8a2b-6c1d2e3f4a5b failed', 'request {id} failed'],
    ['cannot reach 10.0.0.7:5432 for ada@example.com', 'cannot reach {address} for {email}'],
    ['digest 9f86d081884c7d65 at 0x7ffe', 'digest {hex} at {hex}'],
    ["column \"amount\" doesn't take '12 EUR'", 'column "…" doesn\'t take "…"'],
    ['trace AKIAIOSFODNN7EXAMPLE1 of INV20261042', 'trace {id} of {id}'],
    ['Order ord_2 of user_42 is over the limit', 'Order ord_{id} of user_{id} is over the limit'],
    ['No customer cus_A1, nor ord_b2c', 'No customer cus_{id}, nor ord_{id}'],
    // What says what failed stays.
    ['error_17: address_line_2 is missing in line_3', 'error_17: address_line_2 is missing in line_3'],
    [
      'invalid_request: invalid_utf8 in code_E17, invalid_base64, http_404',
      'invalid_request: invalid_utf8 in code_E17, invalid_base64, http_404',
    ],
    ['customer_not_found: sha256 signature mismatch', 'customer_not_found: sha256 signature mismatch'],
    ['', ''],
  ])('%s is %s', (answer, normal) => {
    expect(normalAnswer(answer)).toBe(normal);
  });

  it('of JSON keeps the names and what says what failed', () => {
    const answer = (id: string, name: string, at: number) =>
      JSON.stringify({ error: { code: 4021, message: `No customer "${name}" with ${id}` }, customer: name, requestId: id, at, ok: false });
    const normal =
      '{"error":{"code":4021,"message":"No customer "…" with cus_{id}"},"customer":"…","requestId":"…","at":{number},"ok":false}';
    expect(normalAnswer(answer('cus_a1b2c3d4', 'Ada', 17))).toBe(normal);
    expect(normalAnswer(JSON.stringify(JSON.parse(answer('cus_9s6XKzkN', 'Grace', 1_042_000)), null, 2))).toBe(normal);
    expect(normalAnswer('{"errors":["email is missing","name is missing"]}')).toBe('{"errors":["email is missing","name is missing"]}');
    expect(normalAnswer('{"error":"cut of')).toBe('{"error":"cut of"');
  });

  it('of HTML keeps the text', () => {
    expect(
      normalAnswer(
        '<!DOCTYPE html><html><head><title>ValueError at /hooks</title><style>p { top: 1px }</style></head><body><p>order 7</p>',
      ),
    ).toBe('ValueError at /hooks order {number}');
    expect(normalAnswer('<html><body><pre>Error: &quot;id&quot; of 12</pre>')).toBe('Error: "…" of {number}');
  });

  it('is bounded, and quick whatever a receiver answers', () => {
    expect(normalAnswer('no '.repeat(700))).toHaveLength(normalAnswerChars);
    const hostile = ['"', "'", '<style', '<!--', '\\"', '0', 'a', 'a1', 'ab_', '1.', 'f0', 'a@', '{"', '[["a":'].flatMap((part) => [
      part.repeat(2048 / part.length),
      `{${part.repeat(2047 / part.length)}`,
      `<html>${part.repeat(2042 / part.length)}`,
    ]);
    // Once, so that the patterns are compiled.
    for (const text of hostile) normalAnswer(text);
    for (const text of hostile) expect(cpuMsOf(() => normalAnswer(text))).toBeLessThan(40);
  });
});
