import { describe, expect, it } from 'vitest';
import type { Relay } from '#shared/contract/relays.ts';
import { newRelay, newTarget, readRelay, relayDraftOf, relayFields } from '../../../src/renderer/features/relays/relay-draft.ts';
import { fieldErrors } from '../../../src/renderer/base/problem.ts';

/** A relay with one URL that is signed anew, as the engine tells of it. */
const signedRelay: Relay = {
  id: 'rly_1',
  name: 'Orders',
  binId: 'bin_1',
  match: null,
  targets: [
    {
      id: 'ep_1',
      name: '',
      endpointId: null,
      url: 'http://127.0.0.1:3000/hooks',
      match: null,
      path: 'append',
      query: { keep: true, set: { env: 'test' }, remove: ['debug'] },
      headers: { set: {}, remove: [] },
      as: 'resigned',
      withAuth: false,
      signing: { scheme: 'github-sha256' },
      secretFingerprints: ['ab12'],
      retryPolicy: 'standard-webhooks',
      rateLimit: null,
      maxConcurrency: null,
      isOrdered: false,
      timeoutMs: 15_000,
      verifyTls: true,
      successRule: '2xx',
      health: 'pending',
      healthMessage: '',
      forwarded: 0,
      pendingDeliveries: 0,
      lastDelivery: null,
      recentAttempts: [],
    },
  ],
  answer: null,
  shadow: null,
  isActive: true,
  queued: 0,
  forwarded: 0,
  skipped: [],
  problem: null,
  creator: 'test',
  createdAtMs: 0,
  updatedAtMs: 0,
};

describe('the form of a relay', () => {
  it('says everything that is wrong at once, at its field and without inner paths', () => {
    const first = { ...newTarget([]), url: 'ftp://h/', match: 'colour=red', setHeaders: 'no colon', setQuery: 'no equals sign' };
    const draft = {
      ...newRelay('bin_1'),
      match: 'path=/a\nnothing\njson.a b=1',
      targets: [first, { ...newTarget([first]), path: 'replace' as const, replace: 'v1', by: '/v2' }],
    };
    const read = readRelay(draft, null);
    const { byField, rest } = fieldErrors('problem' in read ? read.problem : null, relayFields(draft));
    expect(rest).toEqual([]);
    expect(byField).toEqual({
      name: 'Give the relay a name.',
      match: expect.stringMatching(/^Line 2: "nothing" is no condition.* Line 3: json\.a b=1: Use a path to one value/),
      'targets.0.url': 'Use http:// or https://; ftp:// cannot be sent to.',
      'targets.0.match': expect.stringContaining('Line 1: "colour" is nothing to filter by'),
      'targets.0.query': 'Write each field on a line of its own, such as env=test.',
      'targets.0.headers': expect.stringContaining('Write each header on a line of its own'),
      'targets.1.url': expect.stringContaining('Write the whole URL'),
      'targets.1.path.replace': 'Write a path that begins with /, without a query.',
    });
  });

  it('is read as the contract takes it where nothing is wrong', () => {
    const draft = { ...newRelay('bin_1'), name: ' Orders ', targets: [{ ...newTarget([]), url: 'http://127.0.0.1:3000/hooks' }] };
    expect(readRelay(draft, null)).toMatchObject({
      input: { name: 'Orders', binId: 'bin_1', match: null, targets: [{ url: 'http://127.0.0.1:3000/hooks', as: 'received' }] },
    });
  });

  it('says what is changed in the query, and what a new signature is made with', () => {
    const signed = {
      ...newTarget([]),
      url: 'http://127.0.0.1:3000/hooks',
      setQuery: 'env=test\nfilter=a=b \n',
      removeQuery: 'debug, trace',
      as: 'resigned' as const,
      signing: { scheme: 'github-sha256' as const },
      secret: 'it is a secret',
    };
    const draft = {
      ...newRelay('bin_1'),
      name: 'Orders',
      targets: [signed, { ...signed, as: 'received' as const, path: 'drop' as const }],
    };
    const read = readRelay(draft, null);
    expect('input' in read ? read.input.targets : read.problem).toMatchObject([
      {
        query: { keep: true, set: { env: 'test', filter: 'a=b ' }, remove: ['debug', 'trace'] },
        signing: { scheme: 'github-sha256' },
        secret: 'it is a secret',
      },
      { query: { keep: false }, as: 'received' },
    ]);
    expect('input' in read && read.input.targets[1]).not.toHaveProperty('secret');
  });

  it('keeps the signing and the query that a target has, and its secret by leaving it out', () => {
    const [target] = relayDraftOf(signedRelay).targets;
    expect(target).toMatchObject({ setQuery: 'env=test', removeQuery: 'debug', secret: '', fingerprint: 'ab12' });
    const read = readRelay(relayDraftOf(signedRelay), signedRelay);
    expect('input' in read && read.input.targets[0]).toMatchObject({ id: 'ep_1', signing: { scheme: 'github-sha256' } });
    expect('input' in read && read.input.targets[0]).not.toHaveProperty('secret');
  });
});
