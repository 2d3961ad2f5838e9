import { afterAll, describe, expect, it } from 'vitest';
import { createBackground } from '#engine/background/background.ts';
import { jsonAnswers } from '#engine/capture/matching/capture-facts.ts';
import { matchesOf, readBodyBytes, type RequestFacts } from '#engine/capture/matching/match-all.ts';
import { matches, type MatchedRequest } from '#engine/capture/matching/match.ts';
import { stepsOf, textAt } from '#engine/capture/matching/json-place.ts';
import { matchesPattern } from '#engine/capture/matching/text-pattern.ts';
import { matchTexts, readMatch } from '#shared/match-text.ts';
import { backgroundThread } from '#engine/threads/background-url.ts';
import { requestMatch, type RequestMatch } from '#shared/contract/request-match.ts';

describe('a pattern', () => {
  it.each([
    ['/orders', '/orders', true],
    ['/orders', '/orders/1', false],
    ['/orders/*', '/orders/1', true],
    ['/orders/*', '/orders', false],
    ['*', '', true],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['*b*c', 'abbc', true],
    ['*bc*bc', 'abc', false],
    ['a**b', 'ab', true],
    ['Push', 'push', false],
  ])('%s of %s: %s', (pattern, text, isMatch) => {
    expect(matchesPattern(pattern, text)).toBe(isMatch);
  });

  it('with many stars over a long text costs no more than going over it once', () => {
    const startedMs = process.cpuUsage().user;
    expect(matchesPattern(`${'a*'.repeat(400)}b`, 'a'.repeat(1_000_000))).toBe(false);
    expect((process.cpuUsage().user - startedMs) / 1000).toBeLessThan(50);
  });

  it('with a part that nearly repeats in a long text costs no more than going over it', () => {
    const text = 'a'.repeat(1_000_000);
    const pattern = `*${'a'.repeat(499)}b${'a'.repeat(400)}*`;
    const startedMs = process.cpuUsage().user;
    expect(matchesPattern(pattern, text)).toBe(false);
    expect(matchesPattern(pattern, `${text}b${text}`)).toBe(true);
    expect((process.cpuUsage().user - startedMs) / 1000).toBeLessThan(150);
  });
});

describe('filters of a request', () => {
  const background = createBackground({ threadCode: backgroundThread });
  afterAll(background.close);
  const facts = { method: 'POST', path: '/', query: '', headers: [], eventType: 'a.b', verdict: null };

  /** Holds filters against it, and tells which tasks that took. */
  async function held(filters: readonly (RequestMatch | null)[], request: Partial<RequestFacts>, bytes: Buffer, isLarge = false) {
    const tasks: string[] = [];
    const run: typeof background.run = (lane, task, ...rest) => {
      tasks.push(task.name);
      return background.run(lane, task, ...rest);
    };
    const body = { body: isLarge ? null : bytes, bytes: bytes.byteLength, read: () => bytes };
    return { passed: await matchesOf({ run }, filters, { ...facts, ...request }, body), tasks };
  }
  const asking = (value: string): RequestMatch => ({ json: [{ path: '$.long', value }] });

  it('that ask for a large body are held against it in a thread', async () => {
    const body = Buffer.from(JSON.stringify({ long: `${'a'.repeat(2_000_000)}b` }));
    const filters = [asking('*aaab'), null, asking('*c*'), { json: [{ path: '$.none', value: '*' }] }];
    expect(await held(filters, {}, body, true)).toEqual({ passed: [true, true, false, false], tasks: ['match'] });
  });

  it('are held against it at once where that is little, and in a thread where conditions times text are much', async () => {
    const body = Buffer.from(JSON.stringify({ long: 'a'.repeat(60_000) }));
    expect(await held([asking('a*')], {}, body)).toEqual({ passed: [true], tasks: [] });
    const many = Array.from({ length: 20 }, () => asking('a*'));
    expect(await held(many, {}, body)).toEqual({ passed: many.map(() => true), tasks: ['match'] });
    const query = 'a=1&'.repeat(15_000);
    const queries = [{ query: Array.from({ length: 20 }, () => ({ name: 'a', value: '1' })) }];
    expect(await held(queries, { query }, body)).toEqual({ passed: [true], tasks: ['match'] });
    const headers = Array.from({ length: 500 }, (): [string, string] => ['X-Tag', 'a'.repeat(200)]);
    const named = [{ headers: Array.from({ length: 20 }, () => ({ name: 'x-tag', value: '*b' })) }];
    expect(await held(named, { headers }, body)).toEqual({ passed: [false], tasks: ['match'] });
  });

  it('are not held against a body over the limit, which nobody can tell anything about', async () => {
    const body = { body: null, bytes: readBodyBytes + 1, read: () => Buffer.alloc(0) };
    expect(await matchesOf(background, [asking('a')], facts, body)).toBeNull();
    expect(await matchesOf(background, [{ methods: ['POST'] }], facts, body)).toEqual([true]);
  });
});

describe('a path into JSON', () => {
  it.each([
    ['$.a.b[0]', ['a', 'b', 0]],
    ['a.b', ['a', 'b']],
    ["$['odd name'].x", ['odd name', 'x']],
    ['$', []],
  ])('%s has the steps %j', (path, steps) => {
    expect(stepsOf(path)).toEqual(steps);
  });

  it.each([
    [{ a: { b: ['x'] } }, '$.a.b[0]', 'x'],
    [{ a: 1.5 }, 'a', '1.5'],
    [{ a: null }, 'a', 'null'],
    [{ a: {} }, 'a', null],
    [{ a: 'x' }, 'b', null],
    [{}, '__proto__', null],
    [['x'], '$[0]', 'x'],
    [{ length: 1 }, '$[0]', null],
    ['x', '$', 'x'],
  ])('in %j at %s finds %j', (json, path, text) => {
    expect(textAt(json, path)).toBe(text);
  });
});

const request: MatchedRequest = {
  method: 'POST',
  path: '/orders/7',
  query: 'source=shop&x=1&x=2',
  headers: [
    ['X-GitHub-Event', 'push'],
    ['X-Tag', 'a'],
    ['x-tag', 'b'],
  ],
  eventType: 'order.paid',
  verdict: 'valid',
  hasJson: jsonAnswers(Buffer.from('{"status":"paid"}')),
};

describe('a filter', () => {
  it.each<[RequestMatch | null, boolean]>([
    [null, true],
    [{}, true],
    [{ methods: ['GET', 'POST'] }, true],
    [{ methods: ['GET'] }, false],
    [{ path: '/orders/*' }, true],
    [{ path: '/orders' }, false],
    [{ query: [{ name: 'x', value: '2' }] }, true],
    [{ query: [{ name: 'y', value: '*' }] }, false],
    [{ headers: [{ name: 'x-github-event', value: 'pu*' }] }, true],
    [{ headers: [{ name: 'X-Tag', value: 'b' }] }, true],
    [{ headers: [{ name: 'X-None', value: '*' }] }, false],
    [{ json: [{ path: '$.status', value: 'paid' }] }, true],
    [{ json: [{ path: '$.other', value: '*' }] }, false],
    [{ eventTypes: ['invoice.*', 'order.*'] }, true],
    [{ verdicts: ['invalid', 'none'] }, false],
    [{ path: '/orders/*', verdicts: ['invalid'] }, false],
  ])('%j lets the request pass: %s', (match, isMatch) => {
    expect(matches(match, request)).toBe(isMatch);
  });
});

describe('a value that is asked for with its type', () => {
  it.each<[string, string | number | boolean | null, boolean]>([
    ['{"a":4900}', 4900, true],
    ['{"a":4.9e3}', 4900, true],
    ['{"a":"4900"}', 4900, false],
    ['{"a":"4900"}', '4900', true],
    ['{"a":4900}', '4900', false],
    ['{"a":9007199254740993}', 9007199254740992, false],
    ['{"a":true}', true, true],
    ['{"a":"true"}', true, false],
    ['{"a":null}', null, true],
    ['{"a":"null"}', null, false],
    ['{}', null, false],
    ['{"a":"inv_7"}', 'inv_*', true],
    ['{"a":7}', '*', true],
    ['a', '*', false],
  ])('%s has %j at a: %s', (body, is, isMet) => {
    expect(matches({ json: [{ path: 'a', is }] }, { ...request, hasJson: jsonAnswers(Buffer.from(body)) })).toBe(isMet);
  });

  it('is one of two ways to ask, each by itself', () => {
    expect(requestMatch.safeParse({ json: [{ path: 'a' }] }).error?.issues).toMatchObject([
      { message: expect.stringContaining('Give value,') },
    ]);
    expect(requestMatch.safeParse({ json: [{ path: 'a', value: '1', is: 1 }] }).success).toBe(false);
    expect(requestMatch.safeParse({ json: [{ path: 'a', is: { b: 1 } }] }).error?.issues).toMatchObject([
      { message: expect.stringContaining('Give a text, a number') },
    ]);
  });
});

describe('conditions as texts', () => {
  const texts = [
    'method=POST,PUT',
    'path=/orders/*',
    'type=a.*,b',
    'verdict=valid',
    'header.X-A=b=c',
    'query.x=1',
    'json.$.a[0]=x',
    'json.b:=4900',
    'json.c:="4*"',
    'json.d:=null',
  ];

  it('are read, and written as they were', () => {
    const read = readMatch(texts);
    expect(read).toHaveProperty('match');
    expect(matchTexts('match' in read ? read.match : null)).toEqual(texts);
  });

  it('ask for nothing when there are none', () => {
    expect(readMatch(['', ' '])).toEqual({ match: null });
    expect(matchTexts(null)).toEqual([]);
  });

  it.each([
    ['path', '"path" is no condition: write it as name=value'],
    ['colour=red', '"colour" is nothing to filter by'],
    ['verdict=maybe', 'verdict=maybe: '],
    ['json.a..b=1', 'Use a path to one value'],
    ['json.a:=paid', 'json.a:=paid: behind := stands a JSON value, such as json.a:=4900'],
    ['json.a:=[1]', 'behind := stands a JSON value'],
    ['json.a:=9007199254740993', 'Use a number of up to 15 digits'],
    ['header.a b=1', 'A header name has letters'],
  ])('%s is refused with what to change', (text, sentence) => {
    expect(readMatch(['method=POST', text])).toMatchObject({ problems: [{ index: 1, problem: expect.stringContaining(sentence) }] });
  });
});
