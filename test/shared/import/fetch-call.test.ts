import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { parsePasted } from '#shared/import/parse-pasted.ts';

const read = (code: string) => {
  const pasted = parsePasted({ text: code });
  const { kind, confidence, method, url, headers, body, lacksHeaders, bodyGap } = pasted;
  return {
    kind,
    confidence,
    method,
    url,
    headers,
    lacksHeaders,
    gap: bodyGap?.kind,
    body: body === null ? null : Buffer.from(body).toString(),
    problems: pasted.problems.map(({ message }) => message),
    notes: pasted.notes,
  };
};

const madeByCode = (what: string) => expect.stringContaining(`${what} is made by code`);

describe('a call of fetch with code', () => {
  it.each([
    ['"https://x.example/h/" + id', 'https://x.example/h/${id}'],
    ['`https://x.example/h/${id}`', 'https://x.example/h/${id}'],
    ['`https://x.example/${`n${"`"}`}/b`', 'https://x.example/${`n${"`"}`}/b'],
    ['"https://x.example/".concat(a, b)', '"https://x.example/".concat(a, b)'],
    ['"https://x.example/" + encodeURIComponent({ a: 1 })', 'https://x.example/${encodeURIComponent({ a: 1 })}'],
  ])('in the URL %s says so and keeps its options', (code, url) => {
    expect(read(`fetch(${code}, { method: "POST", body: "a" })`)).toMatchObject({
      kind: 'fetch',
      confidence: 'likely',
      method: 'POST',
      url,
      body: 'a',
      problems: [madeByCode('The URL')],
    });
  });

  it('in the URL is no certain GET where its options cannot be read', () => {
    expect(read('fetch("https://x.example/h/" + id, options)')).toMatchObject({ method: null, gap: 'missing', lacksHeaders: true });
    expect(read('fetch("https://x.example/h/", { method: "POST", ...more })')).toMatchObject({
      method: null,
      gap: 'missing',
      lacksHeaders: true,
    });
    expect(read('fetch("https://x.example/h/", { method: "POST"')).toMatchObject({ method: null, gap: 'missing', lacksHeaders: true });
  });

  it.each([
    ['{ method: `P${x}` }', 'The method'],
    ['{ method }', 'The method'],
    ['{ headers: { "x-a": `Bearer ${x}` } }', 'The value of the header x-a'],
    ['{ headers: { "x-a": "Bearer " + x } }', 'The value of the header x-a'],
    ['{ headers: new Headers({ "x-a": x }) }', 'The value of the header x-a'],
    ['{ headers: { [`x-${x}`]: "1" } }', 'A header'],
    ['{ headers: [[`x-${x}`, "1"]] }', 'A header'],
    ['{ headers: { ...more } }', 'A header'],
    ['{ headers }', 'A header'],
    ['{ method: "POST", body: `{"id":${id}}` }', 'The body'],
    ['{ method: "POST", body: encrypt({ a: 1 }) }', 'The body'],
    ['{ method: "POST", body: querystring.stringify({ a: 1 }) }', 'The body'],
    ['{ method: "POST", body: new URLSearchParams({ a: 1 }) }', 'The body'],
    ['{ method: "POST", body: JSON.stringify({ a: 1n }) }', 'The body'],
    ['{ method: "POST", body: JSON.stringify({ a: 1 }, ["b"]) }', 'The body'],
    ['{ method: "POST", body: JSON.stringify({ a: 1 }).trim() }', 'The body'],
  ])('in %s names what it makes', (options, what) => {
    const found = read(`fetch("https://x.example", ${options})`);
    expect(found.problems).toEqual([madeByCode(what)]);
    expect([found.confidence, found.method === null]).toEqual(['likely', what === 'The method']);
    expect([found.lacksHeaders === true, found.gap === 'missing']).toEqual([/header/.test(what), what === 'The body']);
  });

  it('in parentheses, comments and functions does not hide the options behind it', () => {
    const code = `fetch("https://x.example", { // "one
      signal: AbortSignal.any([a(")"), /* } */ /[/"]}/.x]), then: (a, b) => { return a / b / c }, method: ("PUT"), body: ("a" + 1) })`;
    expect(read(code)).toMatchObject({ method: 'PUT', body: 'a1', problems: [] });
  });
});

describe('a call of fetch has the body that JavaScript makes of', () => {
  it.each([
    String.raw`"\a\e\U0001F600\101\0\8\x41\u0041\u{1f600}\ud83d\ude00"`,
    '"one\\\u2028two\\\r\nthree\\\nfour"',
    '`one\r\ntwo\rthree\n$ {`',
    '"a" + 1.10 + null + [1, [2, null]] + true',
    'JSON.stringify({ a: 1.10, b: 12345678901234567890, c: 1e21, d: -0, e: 0x1F, f: .5, g: 1_000, h: NaN, i: 5. })',
    'JSON.stringify({ a: 1, b: 0, a: 2, 2: 1, 1: 3, "01": 4, c: undefined })',
    'JSON.stringify([undefined, , null, "\\u0001é"])',
    'JSON.stringify({ a: [], b: [1, {}], c: { d: "x" } }, null, 2)',
    'JSON.stringify({ a: 1 }, null, "--")',
    'JSON.stringify("text")',
    'JSON.stringify({ a: JSON.stringify({ b: "\\"" }) })',
  ])('%j', (code) => {
    expect(read(`fetch("https://x.example", { method: "POST", body: ${code} })`)).toMatchObject({
      body: String(runInNewContext(code)),
      problems: [],
      gap: undefined,
    });
  });

  it.each([
    ['{ a: 1 }', '[object Object]', 'an object', 'missing'],
    ['[{ a: 1 }]', '[object Object]', 'a list', 'missing'],
    ['[1, 2]', '1,2', 'a list', undefined],
  ])('%s without JSON.stringify, and says so', (code, body, what, gap) => {
    const found = read(`fetch("https://x.example", { method: "POST", body: ${code} })`);
    expect([found.body, found.gap]).toEqual([gap === undefined ? body : null, gap]);
    expect(found.problems).toEqual([expect.stringContaining(`The body is ${what} without JSON.stringify, which fetch sends as "${body}"`)]);
  });
});

describe('the options of a call of fetch', () => {
  it('count as JavaScript takes them', () => {
    const options = '{ method: "post", body: "a", body: "b", headers: { a: ["b", "c"], d: null, e: 1.0 } }';
    expect(read(`fetch("https://x.example", ${options})`)).toMatchObject({
      method: 'POST',
      body: 'b',
      problems: [],
      headers: [
        ['a', 'b,c'],
        ['d', 'null'],
        ['e', '1'],
      ],
    });
  });

  it('make a GET without a method or body, and a doubt where there is a body', () => {
    for (const options of ['', ', {}', ', { body: null }', ', { headers: {}, method: undefined }'])
      expect(read(`fetch("https://x.example"${options})`)).toMatchObject({ method: 'GET', body: null, notes: [], lacksHeaders: undefined });
    expect(read('fetch("https://x.example", { body: "a" })').notes[0]).toContain('no method, which fetch refuses');
  });

  it('that do not close leave the calls behind them', () => {
    const text = 'fetch("https://a.example", { a: [ });\nfetch("https://b.example", { method: "PUT" });';
    expect(parsePasted({ text }).choices?.map(({ method, url }) => [method, url])).toEqual([
      [null, 'https://a.example'],
      ['PUT', 'https://b.example'],
    ]);
    expect(read(' fetch("u",['.repeat(400)).notes.join(' ')).toContain('The end of the code was not read');
  });
});
