import { describe, expect, it } from 'vitest';
import { createSentRequests } from '#engine/http/sent-requests.ts';
import type { HeaderField } from '#shared/contract/common.ts';

const head: readonly HeaderField[] = [
  ['Host', '127.0.0.1:8080'],
  ['User-Agent', 'Hookyard/0.1'],
];
const signed: readonly HeaderField[] = [
  ['Webhook-Id', 'msg_1'],
  ['Webhook-Signature', 'v1,bm90IHJlYWwgYnV0IGxvbmcgZW5vdWdoIHRvIGJlIG9uZQ=='],
];

describe('the delivery of a request that came in', () => {
  it('is found by id and signature over another connection, also when a relay changed the case and added fields', () => {
    const requests = createSentRequests();
    const sent = requests.begin('dlv_1');
    sent.carries(signed);
    sent.wentOut(5000, () => [...head, ...signed]);
    const relayed: readonly HeaderField[] = [
      ['Via', '1.1 relay'],
      ...signed.map(([name, value]): HeaderField => [name.toLowerCase(), value]),
    ];
    expect(requests.deliveryOf({ remotePort: 6000, headers: relayed })).toBe('dlv_1');
    sent.end();
    expect(requests.deliveryOf({ remotePort: null, headers: relayed })).toBe('dlv_1');
  });

  it.each([
    ['the signature of another', [signed[0], ['Webhook-Signature', 'v1,b3RoZXI=']]],
    ['the signature without the id', [signed[1]]],
    ['the id without the signature', [signed[0]]],
    ['neither', []],
  ] as [string, HeaderField[]][])('is none of ours with %s, from whichever port', (_what, fields) => {
    const requests = createSentRequests();
    const sent = requests.begin('dlv_1');
    sent.carries(signed);
    sent.wentOut(5000, () => [...head, ...signed]);
    expect(requests.deliveryOf({ remotePort: 5000, headers: [...head, ...fields] })).toBeNull();
  });

  it('is found by its port when nothing marks it, if what arrived is what was written there', () => {
    const requests = createSentRequests();
    const sent = requests.begin('dlv_1');
    sent.wentOut(5000, () => head);
    expect(requests.deliveryOf({ remotePort: 5000, headers: head })).toBe('dlv_1');
    expect(requests.deliveryOf({ remotePort: 5001, headers: head })).toBeNull();
    expect(requests.deliveryOf({ remotePort: 5000, headers: [['Host', '127.0.0.1:8080']] })).toBeNull();
    sent.end();
    expect(requests.deliveryOf({ remotePort: 5000, headers: head })).toBeNull();
  });

  it('is the one that a kept connection went on to, and not the one before', () => {
    const requests = createSentRequests();
    const before = requests.begin('dlv_1');
    before.wentOut(5000, () => head);
    requests.begin('dlv_2').wentOut(5000, () => head);
    before.end();
    expect(requests.deliveryOf({ remotePort: 5000, headers: head })).toBe('dlv_2');
  });

  it('is told by the port where several carry the same signature, and is nobody’s guess without it', () => {
    const requests = createSentRequests();
    const sameBody = signed.slice(1);
    for (const [index, id] of ['dlv_1', 'dlv_2'].entries()) {
      const sent = requests.begin(id);
      sent.carries(sameBody);
      sent.wentOut(5000 + index, () => [...head, ...sameBody]);
    }
    expect(requests.deliveryOf({ remotePort: 5001, headers: [...head, ...sameBody] })).toBe('dlv_2');
    expect(requests.deliveryOf({ remotePort: 6000, headers: [...head, ...sameBody] })).toBeNull();
  });

  it('is forgotten once a thousand others have ended', () => {
    const requests = createSentRequests();
    const sendOne = (number: number) => {
      const sent = requests.begin(`dlv_${number}`);
      sent.carries([['Webhook-Id', `msg_${number}`]]);
      sent.end();
    };
    for (let number = 0; number <= 1000; number += 1) sendOne(number);
    const deliveryWith = (id: string) => requests.deliveryOf({ remotePort: null, headers: [['webhook-id', id]] });
    expect(deliveryWith('msg_0')).toBeNull();
    expect(deliveryWith('msg_1')).toBe('dlv_1');
  });
});
