import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { parsePasted } from '#shared/import/parse-pasted.ts';
import { cpuMsOf } from '../../support/cpu-time.ts';

const utf8 = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString());
const bodyOf = (code: string) => utf8(parsePasted({ text: `fetch("https://x/h", { method: "POST", body: ${code} })` }).body);
/** Each call of a text: its method, URL and body. */
const callsIn = (text: string) => {
  const read = parsePasted({ text });
  return (read.choices ?? [read]).map(({ method, url, body }) => [method, url, utf8(body)]);
};

describe('a script with fetch has the bodies that JavaScript makes', () => {
  it.each([
    'JSON.stringify({ a: 2.5e-4, b: 1e-3, c: -1e-7, d: -2, e: 1E-2, f: -1e5 })',
    'JSON.stringify(new Headers({ a: "1" }))',
    '"" + new Headers({ a: "1" })',
    '"" + [new Headers([["a", "1"]])]',
    String.raw`JSON.stringify({ a: "\ud83d", "\ude00": 1 })`,
    String.raw`"\ud83d" + "\ude00"`,
    String.raw`JSON.stringify("\ud83d" + "\ude00")`,
    String.raw`"\ud83d" + "x" + "\ude00\u{d83d}"`,
    'JSON.stringify({ a: 1 }, null, "éééééééééééé")',
    'JSON.stringify({ a: 1 }, null, "\u{1f600}\u{1f600}\u{1f600}\u{1f600}\u{1f600}\u{1f600}")',
  ])('%j', (code) => {
    expect(bodyOf(code)).toBe(Buffer.from(String(runInNewContext(code, { Headers }))).toString());
  });
});

describe('the calls of fetch in a script', () => {
  const b = 'fetch("https://b/h", { method: "POST", body: "a" })';
  const wanted = ['POST', 'https://b/h', 'a'];

  it.each([
    `// fetch("https://old/h", { method: "DELETE" })\n${b}`,
    `/* fetch("https://old/h") */ ${b}`,
    `const s = "fetch('https://old/h')", t = \`fetch("u")\`, r = /fetch("u")/; ${b}`,
    'await fetch(/* where to */ "https://b/h", { method: "POST", body: "a" })',
    `/* sends */\n${b}`,
    `(async () => { await ${b} })()`,
    `function fetch() {} ; api.fetch("u"); window.${b}`,
    `// don't\nconst half = a / b; const more = ${b} / 2`,
    `// Send the order.\n${b}`,
    `// function\n${b}`,
    `/* see # */ ${b}`,
    `x = 1.\n${b}`,
    `let api; api./* x */fetch("u"); api?.fetch("u"); this.#fetch("u"); api.window.fetch("u"); ${b}`,
    `x.fetch.call(y, "u"); api["fetch"]("u"); ${b}`,
    b.replace('(', '?.('),
    `window?.${b.replace('(', '?.(')}`,
    `window["fetch"]${b.slice(5)}`,
    `globalThis?.["fetch"]${b.slice(5)}`,
    `fetch.call(window, ${b.slice(6)}`,
    `const x = <div><h1>Hi</h1><button onClick={() => ${b}}>Go</button></div>`,
    `const x = <p>Don't wait: {${b}} you can't</p>`,
    `let i = 1; i++ / 2; ${b}; z = 5 / 2`,
    `"use client";\n${b}`,
    `#!/usr/bin/env node\n${b}`,
    `@Component({})\nclass A { go() { return ${b} } }`,
    `type X = { a: 1 };\n${b}`,
    `interface X { a: 1 }\n${b}`,
    `<script>\n${b}\n</script>`,
    `import a from'./don'; export default'x'; ${b}`,
  ])('are only those that run: %s', (text) => {
    expect(parsePasted({ text })).toMatchObject({ kind: 'fetch', confidence: 'certain' });
    expect(callsIn(text)).toEqual([wanted]);
  });

  it.each(['() => ', '[1, ', '[', '{ a: ', 'x ? ', 'x ? 1 : ', 'x = ', '(', '!', 'return ', 'await ', 'x &&', '\n', '`${', '...', 'void '])(
    'may stand behind %j',
    (before) => {
      expect(callsIn(`fetch("https://a/"); const f = ${before}${b}`)).toEqual([['GET', 'https://a/', null], wanted]);
    },
  );

  it('in a list are all read', () => {
    expect(callsIn('await Promise.all([fetch("https://a/"),fetch("https://b/")])').map(([, url]) => url)).toEqual([
      'https://a/',
      'https://b/',
    ]);
  });

  it('with a URL of code are read with their options, and make nothing certain', () => {
    const text = 'const r = await fetch(url, {method:"POST", body:"a"}); await fetch("https://b/log")';
    expect(callsIn(text)).toEqual([
      ['POST', 'url', 'a'],
      ['GET', 'https://b/log', null],
    ]);
    expect(parsePasted({ text })).toMatchObject({ confidence: 'likely', problems: [{ message: expect.stringContaining('The URL') }] });
  });

  it('that cannot be read are named', () => {
    const read = parsePasted({ text: 'const r = await fetch(url); await fetch("https://b/log"); fetch("https://c' });
    expect(read).toMatchObject({ confidence: 'likely', method: 'GET', url: 'https://b/log' });
    expect(read.notes[0]).toContain('fetch(url) was not read');
    expect(read.notes[1]).toContain('"https://c');
    expect(parsePasted({ text: 'fetch("https://a/"); /* fetch("https://b/")' }).confidence).toBe('likely');
    expect(parsePasted({ text: 'fetch("https://a/"); x = `${' }).method).toBe('GET');
    const applied = parsePasted({ text: 'fetch("https://a/"); fetch.apply(window, ["https://b/"])' });
    expect(applied).toMatchObject({ confidence: 'likely', url: 'https://a/' });
    expect(applied.notes[0]).toContain('was not read: it is made by apply');
  });

  it('of which there are more than are listed are at least so many', () => {
    expect(parsePasted({ text: 'fetch("https://a/");'.repeat(2500) }).notes.join(' ')).toContain('There are at least 2000 requests');
    expect(parsePasted({ text: 'fetch("https://a/");'.repeat(2000) }).notes.join(' ')).toContain('There are 2000 requests');
  });
});

describe('what fetch refuses is not certain', () => {
  it.each([
    '{ method: "GET", body: "x" }',
    '{ method: "head", body: "x" }',
    '{ body: "x" }',
    '"POST"',
    '{ headers: [["a", "1", "2"]] }',
    '{ headers: [["a"]] }',
    '{ headers: "a" }',
    '{ headers: null }',
    '{ headers: { "a b": "1" } }',
    String.raw`{ headers: { a: "1\n2" } }`,
    '{ headers: { a: "→" } }',
    '{ method: "TRACE" }',
    '{ method: "P T" }',
  ])('%s', (options) => {
    expect(() => new Request('https://a.example', runInNewContext(`(${options})`) as RequestInit)).toThrow(TypeError);
    const read = parsePasted({ text: `fetch("https://a.example", ${options})` });
    expect([read.confidence, read.notes.join(' ')]).toEqual(['likely', expect.stringContaining('which fetch refuses')]);
  });

  it.each(['https://u:p@a.example/x', 'https://u@a.example/x', 'ftp://a.example/x', 'chrome-extension://a/x'])('%s', async (url) => {
    await expect(fetch(url)).rejects.toThrow(TypeError);
    const read = parsePasted({ text: `fetch("${url}")` });
    expect([read.confidence, read.url, read.notes.join(' ')]).toEqual(['likely', url, expect.stringContaining('which fetch refuses')]);
  });

  it('and the space around and in a URL is not sent', () => {
    const read = parsePasted({ text: String.raw`fetch(" https://a.example/b\n?c=\td ")` });
    expect([read.confidence, read.url]).toEqual(['certain', new Request(' https://a.example/b\n?c=\td ').url]);
  });

  it('and what it sends is as it sends it', () => {
    const options = '{ method: "POST", headers: { a: "  a  ", b: "\\n b\\t" }, body: "x" }';
    const read = parsePasted({ text: `fetch("https://a.example", ${options})` });
    const sent = new Request('https://a.example', runInNewContext(`(${options})`) as RequestInit);
    expect(read).toMatchObject({ confidence: 'certain', notes: [expect.stringContaining(sent.headers.get('content-type') ?? '?')] });
    expect(read.headers).toEqual([...sent.headers].filter(([name]) => name !== 'content-type'));
  });
});

it.each<[string, (bytes: number) => string]>([
  ['indents of many lines', (n) => `JSON.stringify(${'['.repeat(450)}${','.repeat(n)}${']'.repeat(450)},null,10)`],
  ['calls of JSON.stringify', (n) => `${'JSON.stringify('.repeat(490)}"${"a'".repeat(n / 2)}"${')'.repeat(490)}`],
  ['lists that become texts', (n) => `${'""+['.repeat(490)}"${'a'.repeat(n)}"${']'.repeat(490)}`],
])('nested %s take time and memory that grow with the size only', (_, make) => {
  const timeOf = (bytes: number, code: (n: number) => string) =>
    cpuMsOf(() => parsePasted({ text: `fetch("https://x/h",{method:"POST",body:${code(bytes)}})` }));
  timeOf(20_000, make);
  // The same size as one text, for which everything is looked at once.
  const plain = timeOf(1_000_000, (n) => `"${'a'.repeat(n)}"`);
  expect(timeOf(1_000_000, make)).toBeLessThan(Math.max(1500, plain * 40));
});

it('calls that do not close behind words are looked for once', () => {
  const timeOf = (bytes: number) => cpuMsOf(() => parsePasted({ text: 'hello\n' + 'fetch("u"+(;\n'.repeat(bytes / 13) }));
  timeOf(20_000);
  expect(timeOf(370_000)).toBeLessThan(Math.max(1000, timeOf(37_000) * 30));
});
