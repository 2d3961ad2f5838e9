import { describe, expect, it } from 'vitest';
import { logIdOf } from '../../../src/renderer/features/verify/from-log.ts';

describe('an id of the log', () => {
  it.each([
    ['cap_01kb8w2z5t3q7r9x1y4v6s8n0m', 'capture'],
    [' att_01kb8w2z5t\n', 'attempt'],
    ['dlv_01kb8w2z5t', 'delivery'],
    ['msg_own-id_7', 'message'],
    ['http://127.0.0.1:4780/#/deliveries/dlv_01kb8w2z5t', 'delivery'],
    ['#/verify?attempt=att_01kb8w2z5t', 'attempt'],
  ])('is read out of %j', (text, kind) => {
    expect(logIdOf(text)).toEqual({ kind, id: /(cap|att|dlv|msg)_[\w-]+/.exec(text)?.[0] });
  });

  it.each(['', 'invoice.paid', 'ep_01kb8w2z5t', 'cap_', 'xcap_123', 'cap_123 456', 'cap_1/../../x'])('is not %j', (text) => {
    expect(logIdOf(text)).toBeNull();
  });
});
