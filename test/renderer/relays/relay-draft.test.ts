import { describe, expect, it } from 'vitest';
import { newRelay, newTarget, readRelay, relayFields } from '../../../src/renderer/features/relays/relay-draft.ts';
import { fieldErrors } from '../../../src/renderer/base/problem.ts';

describe('the form of a relay', () => {
  it('says everything that is wrong at once, at its field and without inner paths', () => {
    const first = { ...newTarget([]), url: 'ftp://h/', match: 'colour=red', setHeaders: 'no colon' };
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
});
