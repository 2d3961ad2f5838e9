import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HeaderField } from '#shared/contract/common.ts';
import { curlCommand } from '#shared/curl-command.ts';
import { formatHeaderText } from '#shared/header-text.ts';
import { base64Text, decodeDeclaredBody } from '#shared/text/declared-body.ts';
import { headerLimit, pasteLimitBytes } from '#shared/import/limits.ts';
import { chooseRequest, parsePasted, withDeclaredBody } from '#shared/import/parse-pasted.ts';
import { pastedKinds } from '#shared/import/pasted.ts';
import { invalidUtf8At } from '#shared/text/text-codec.ts';
import { cpuMsOf } from '../../support/cpu-time.ts';
import { curlPastes, jsonPastes, linePastes, type PasteCase } from './pastes.ts';

const utf8 = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString('utf8'));
const bytesOf = (bytes: Uint8Array | null) => (bytes === null ? null : [...bytes]);

function expectReading({ paste, kind, notes = [], problems = [], ...wanted }: PasteCase): void {
  const read = parsePasted(paste);
  expect(read.kind).toBe(kind);
  if (wanted.method !== undefined) expect(read.method).toBe(wanted.method);
  if (wanted.url !== undefined) expect(read.url).toBe(wanted.url);
  if (wanted.headers !== undefined) expect(read.headers).toEqual(wanted.headers);
  if (wanted.body !== undefined) expect(utf8(read.body)).toBe(wanted.body);
  expect(read.notes, 'notes').toEqual(notes.map((part) => expect.stringContaining(part)));
  expect(
    read.problems.map(({ message }) => message),
    'problems',
  ).toEqual(problems.map((part) => expect.stringContaining(part)));
}

describe('lines of a request', () => {
  it.each(linePastes.map((one) => [one.name, one] as const))('%s', (_, one) => expectReading(one));

  it('name the line of the paste that a problem is in', () => {
    expect(parsePasted({ text: '\n\nPOST / HTTP/1.1\nA-B: 1\nbad\n\nbody' }).problems).toEqual([
      { line: 5, message: expect.stringContaining('colon') },
    ]);
  });
});

describe('a curl command', () => {
  it.each(curlPastes.map((one) => [one.name, one] as const))('%s', (_, one) => expectReading(one));

  it('keeps bytes that no text holds', () => {
    const { body } = parsePasted({ text: String.raw`curl https://a.example --data-binary $'\xff\x00\101\cA'` });
    expect(bytesOf(body)).toEqual([0xff, 0x00, 0x41, 0x01]);
    const file = Buffer.from("curl https://a.example -d '\u00ff'", 'latin1');
    expect(bytesOf(parsePasted({ bytes: file }).body)).toEqual([0xff]);
  });

  it.each(['--next', '-:'])(
    'that makes several requests with %s between them gives each with its own options, the signed one first',
    (next) => {
      const text = `curl -s https://a.example/one -H 'X-One: 1' -d one ${next} -X PUT https://a.example/two -H 'X-Hub-Signature-256: sha256=00' -d two`;
      const pasted = parsePasted({ text });
      expect(pasted.choices).toHaveLength(2);
      const read = [0, 1]
        .map((at) => chooseRequest(pasted, at))
        .map(({ method, url, headers, body }) => [method, url, utf8(body), headers]);
      expect(read).toEqual([
        ['POST', 'https://a.example/one', 'one', expect.arrayContaining([['X-One', '1']])],
        ['PUT', 'https://a.example/two', 'two', expect.arrayContaining([['X-Hub-Signature-256', 'sha256=00']])],
      ]);
      expect(read[1]?.[3]).not.toContainEqual(['X-One', '1']);
      expect([pasted.method, pasted.url]).toEqual(['PUT', 'https://a.example/two']);
    },
  );
});

describe('JSON', () => {
  it.each(jsonPastes.map((one) => [one.name, one] as const))('%s', (_, one) => expectReading(one));

  it('lists several requests to choose from, each with its own doubts', () => {
    const entry = (text: string) => ({
      request: { method: 'POST', url: 'https://a.example', headers: [], queryString: [], postData: { text } },
    });
    const pasted = parsePasted({ text: JSON.stringify({ log: { entries: [entry('one'), entry('two\n')] } }) });
    expect(pasted.choices?.map(({ label }) => label)).toEqual([
      '1. POST https://a.example (3 bytes)',
      '2. POST https://a.example (4 bytes)',
    ]);
    const second = chooseRequest(pasted, 1);
    expect(utf8(second.body)).toBe('two\n');
    // In a string of JSON no editor adds a line break.
    expect(second.notes).toEqual([]);
    expect(second.choices).toHaveLength(2);
    expect(chooseRequest(pasted, 2)).toBe(pasted);
  });
});

describe('a paste that is read as something else', () => {
  it('follows what it is declared to be', () => {
    const text = 'Subject: hello\n\nworld';
    expect(utf8(parsePasted({ text }, 'body').body)).toBe(text);
    expect(parsePasted({ text }, 'headers_and_body').headers).toEqual([['Subject', 'hello']]);
    expect(parsePasted({ text: '{"a":"b"}' }, 'headers_json').problems).toHaveLength(1);
    expect(parsePasted({ text }, 'har').problems[0]?.message).toContain('not JSON');
  });

  it('has its body decoded where that is declared, or says why not', () => {
    const pasted = parsePasted({ text: 'POST https://a.example/\nA-B: 1\n\naGk=\n' });
    expect(utf8(withDeclaredBody(pasted, 'base64').body)).toBe('hi');
    expect(withDeclaredBody(pasted, 'hex')).toMatchObject({
      body: null,
      problems: [{ message: expect.stringContaining('not a hex digit') }],
    });
    expect(withDeclaredBody(pasted, 'text')).toBe(pasted);
  });
});

describe('a declared body', () => {
  it.each([
    ['aGk', 'no padding'],
    ['aGk=\n', 'line breaks'],
    ['_-8=', 'URL kind'],
  ])('in base64 may be %j, with a note', (text, note) => {
    expect(decodeDeclaredBody(text, 'base64')).toMatchObject({ ok: true, notes: [expect.stringContaining(note)] });
  });

  it.each(['a', 'aGl', 'aG=k', 'aGk==', 'aG*k', '-_+/'])('is not base64 as %j', (text) => {
    expect(decodeDeclaredBody(text, 'base64').ok).toBe(false);
  });

  it('comes back from base64 and hex as it was', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const inBase64 = decodeDeclaredBody(base64Text(bytes), 'base64');
        const inHex = decodeDeclaredBody(Buffer.from(bytes).toString('hex'), 'hex');
        expect(base64Text(bytes)).toBe(Buffer.from(bytes).toString('base64'));
        expect(inBase64).toEqual({ ok: true, bytes: new Uint8Array(bytes), notes: [] });
        expect(inHex).toEqual({ ok: true, bytes: new Uint8Array(bytes), notes: [] });
      }),
    );
  });
});

it('the first byte that is not UTF-8 is found wherever it is', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom([0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xc3], [0xe2, 0x82]),
      (text, wrong) => {
        const before = Buffer.from(text);
        expect(invalidUtf8At(Buffer.concat([before, Buffer.from(wrong)]))).toBe(before.length);
        expect(invalidUtf8At(before)).toBeNull();
      },
    ),
  );
});

const token = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,12}$/);
const value = fc.stringMatching(/^[!-~]([ -~]{0,30}[!-~])?$/);
const headers = fc.array(
  fc.tuple(token, value).map(([name, text]): HeaderField => [name, text]),
  { maxLength: 8 },
);
const bodies = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.string({ unit: 'grapheme' }).map((text) => new Uint8Array(Buffer.from(text))),
);
const url = fc.webUrl({ withQueryParameters: true });

describe('whatever is pasted', () => {
  it('is never an exception, as text or as bytes, and under any kind', () => {
    const pieces = [
      'curl ',
      "'",
      '"',
      '^"',
      "$'",
      '\\',
      '\\\n',
      '^\n',
      ' -H ',
      ' -d ',
      '@',
      '\r\n',
      '\n\n',
      'A-B: 1\n',
      'POST / HTTP/1.1\n',
      '{"headers":',
      '[',
      '{',
      '}',
      ']',
      '"log":{"entries":',
      '\u0000',
      'é',
      '\ud800',
      '\ufeff',
      ':',
      ',',
      '|',
      'base64 -d',
      '%s',
    ];
    const mixed = fc
      .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 6 })), { maxLength: 30 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(mixed, fc.json()), fc.constantFrom(null, ...pastedKinds), (text, kind) => {
        const read = parsePasted({ text }, kind);
        expect(pastedKinds).toContain(read.kind);
        expect(read.headers.every(([name]) => name.length > 0)).toBe(true);
        expect(parsePasted({ bytes: Buffer.from(text) }, kind).body === null || kind !== 'body').toBe(kind !== 'body' || text === '');
      }),
      { numRuns: 400 },
    );
  });

  it('comes back from the curl that is copied', () => {
    fc.assert(
      fc.property(url, headers, bodies, (address, fields, bytes) => {
        const read = parsePasted({
          text: curlCommand({ method: 'PATCH', url: address, headers: fields, body: Uint8Array.from(bytes) }),
        });
        expect(read).toMatchObject({
          kind: 'curl',
          method: 'PATCH',
          url: address,
          headers: fields.filter(([name]) => name.toLowerCase() !== 'content-length'),
          problems: [],
        });
        expect(bytesOf(read.body ?? new Uint8Array())).toEqual([...bytes]);
      }),
    );
  });

  it('comes back from a raw request with its exact bytes', () => {
    fc.assert(
      fc.property(headers, bodies, fc.constantFrom('\n', '\r\n'), (fields, bytes, end) => {
        const head = [
          'POST /hook?x=1 HTTP/1.1',
          ...formatHeaderText(fields)
            .split('\n')
            .filter((line) => line !== ''),
          '',
          '',
        ].join(end);
        const read = parsePasted({ bytes: Buffer.concat([Buffer.from(head), bytes]) });
        expect(read).toMatchObject({ kind: 'raw_request', confidence: 'certain', method: 'POST', headers: fields, problems: [] });
        expect(bytesOf(read.body)).toEqual([...bytes]);
      }),
    );
  });
});

describe('what stands in the headers of a paste', () => {
  const digest = '0123456789abcdef'.repeat(4);
  const signed = (text: string) => `Content-Type: application/json\nX-Hub-Signature-256: sha256=${text}\n\n{}`;

  it('is named with its place where it was masked, and is no signature to check', () => {
    expect(parsePasted({ text: signed('********') }).problems).toEqual([
      { message: expect.stringContaining('X-Hub-Signature-256 is masked or cut: it has "********" at its character 8') },
    ]);
    expect(parsePasted({ text: signed(digest) }).problems).toEqual([]);
  });

  it.each([
    ['a no-break space', `sha256=${digest}`, '\u00a0', 'No-break spaces were in the headers (1, the first at line 2, column'],
    [
      'a character without width',
      `sha256=${digest}`,
      '\u200b',
      'Characters without width were in the headers (1, the first at line 2, column',
    ],
  ])('is corrected and listed where it has %s', (_, whole, sign, note) => {
    for (const paste of [{ text: `A-B: 1\nX-Signature:${sign}${whole}` }, { bytes: Buffer.from(`A-B: 1\nX-Signature:${sign}${whole}`) }]) {
      const read = parsePasted(paste);
      expect(read.headers).toEqual([
        ['A-B', '1'],
        ['X-Signature', whole],
      ]);
      expect(read.notes).toEqual([expect.stringContaining(note)]);
    }
  });

  it('is put together where it was wrapped', () => {
    for (const end of ['\n ', '\n', ' ']) {
      const read = parsePasted({ text: signed(`${digest.slice(0, 40)}${end}${digest.slice(40)}`) });
      expect(read.headers[1]).toEqual(['X-Hub-Signature-256', `sha256=${digest}`]);
      expect(read.notes.join(' ')).toContain('was wrapped: it had a break at its character 48');
    }
  });

  it('is reported where text recognition confused characters, and stays unchanged', () => {
    const read = parsePasted({ text: signed(`O${digest.slice(1)}`) });
    expect(read.headers[1]).toEqual(['X-Hub-Signature-256', `sha256=O${digest.slice(1)}`]);
    expect(read.notes).toEqual([expect.stringContaining('"O" at character 8 (looks like 0)')]);
    expect(parsePasted({ text: signed(`\u0430${digest.slice(1)}`) }).notes.join(' ')).toContain('(U+0430) at character 8');
  });

  it('is reported as unread, with its line, if its form is unknown', () => {
    const read = parsePasted({ text: 'Hi,\nthe X-Hub-Signature-256 = "sha256=ab" was sent\nwith {"a":1}' });
    expect(read).toMatchObject({
      kind: 'unread',
      headers: [],
      body: null,
      problems: [{ line: 2, message: expect.stringContaining('The paste mentions X-Hub-Signature-256') }],
    });
    // A body that has such a word in it is a body.
    expect(parsePasted({ text: '{"type":"x","x_signature":"abc"}' }).kind).toBe('body');
    expect(parsePasted({ text: 'the signature was wrong' }).kind).toBe('body');
  });
});

describe('a signed request in an unusual form', () => {
  const signature = `sha256=${'ab'.repeat(32)}`;
  const header = ['X-Hub-Signature-256', signature];

  it.each([
    ['CSV', `header,value\ncontent-type,application/json\nx-hub-signature-256,${signature}\n`],
    ['CSV with quotes', `"name","value"\n"x-hub-signature-256","${signature}"\n`],
    ['smart quotes', `\u201cx-hub-signature-256\u201d: \u201c${signature}\u201d`],
    ['a tuple', `got ("x-hub-signature-256", "${signature}") here`],
  ])('%s is not taken for a body', (_, text) => {
    expect(parsePasted({ text })).toMatchObject({
      kind: 'unread',
      problems: [{ message: expect.stringContaining('x-hub-signature-256') }],
    });
  });

  it('has a body that stands before its headers, and none where that is no JSON', () => {
    const head = `X-Hub-Signature-256: ${signature}\nContent-Type: application/json\n`;
    const read = parsePasted({ text: `{"a":1}\n\n${head}` });
    expect(read).toMatchObject({ kind: 'headers_and_body', confidence: 'likely' });
    expect([Buffer.from(read.body ?? []).toString(), read.notes]).toEqual([
      '{"a":1}',
      ['The JSON that stands before the headers was read as the body.'],
    ]);
    expect(parsePasted({ text: `{a}\n\n${head}` })).toMatchObject({ kind: 'headers', body: null });
  });

  it('is cut where the answer begins that was copied along, but not within its Content-Length', () => {
    const answer = 'HTTP/1.1 200 OK\nContent-Type: text/plain\n\nok';
    const request = (more: string) => `POST /h HTTP/1.1\nHost: a.example${more}\nX-Hub-Signature-256: ${signature}\n\n{"a":1}\n\n${answer}`;
    const cut = parsePasted({ text: request('') });
    expect([Buffer.from(cut.body ?? []).toString(), cut.notes.at(-1)]).toEqual([
      '{"a":1}',
      'The answer behind the request (HTTP/1.1 200 OK) was left out.',
    ]);
    const bodyWith = (more: string) => Buffer.from(parsePasted({ text: request(more) }).body ?? []).toString();
    expect(bodyWith('\nContent-Length: 8')).toBe('{"a":1}\n');
    const whole = `{"a":1}\n\n${answer}`;
    expect(bodyWith(`\nContent-Length: ${whole.length}`)).toBe(whole);
  });

  it('has the names of headers that nginx gives its variables', () => {
    const read = parsePasted({ text: `http_x_hub_signature_256: ${signature}\nhttp_host: a.example\ncontent_type: application/json` });
    expect(read.headers).toEqual([header, ['Host', 'a.example'], ['Content-Type', 'application/json']]);
  });
});

describe('hostile pastes', () => {
  const mebi = 1_048_576;
  it.each([
    ['a paste of 100 MiB', () => ({ text: 'x'.repeat(100 * mebi) }), 'larger than'],
    ['lists in lists', () => ({ text: '['.repeat(pasteLimitBytes) }), 'levels deep'],
    ['objects in objects', () => ({ text: '{"headers":'.repeat(mebi) }), 'levels deep'],
    ['tables in tables', () => ({ text: `Invoke-WebRequest https://a.example -Headers ${'@{a='.repeat(300_000)}` }), 'levels deep'],
    ['brackets in brackets', () => ({ text: `iwr https://a.example -Body ${'('.repeat(300_000)}` }), 'levels deep'],
    ['very many values', () => ({ text: `[${'1,'.repeat(4 * mebi)}1]` }), 'more than 1000000 values'],
    ['very many lists', () => ({ text: `[${'[],'.repeat(4 * mebi)}[]]` }), 'objects and lists'],
    [
      'more headers than are taken',
      () => ({ text: Array.from({ length: headerLimit + 1 }, (_, at) => `X-A${at}: v`).join('\n') }),
      'only the first 10000',
    ],
    ['headers that never end', () => ({ text: `POST / HTTP/1.1\n${'x: y\n'.repeat(2 * mebi)}` }), 'headers are larger'],
    ['a command of very many words', () => ({ text: `curl ${'a '.repeat(900_000)}` }), 'words'],
    ['a command of very many quotes', () => ({ text: `curl ${"''".repeat(900_000)}` }), 'no URL'],
    ['a command that is too long', () => ({ text: `curl ${'a'.repeat(3 * mebi)}` }), 'larger than'],
    ['a value that is all blanks', () => ({ text: `POST / HTTP/1.1\nbad\nA: ${'\t'.repeat(900_000)}b` }), 'no colon'],
    ['a header folded very often', () => ({ text: `A-B: 1\n${' x\n'.repeat(300_000)}bad` }), 'no colon'],
  ])('%s get a clear answer', (_, make, message) => {
    const paste = make();
    const { problems } = parsePasted(paste);
    expect(problems.map((problem) => problem.message).join(' ')).toContain(message);
  });

  it.each([
    '{',
    '[',
    "{'",
    "{'a':",
    '[(',
    '{"a"=>',
    "b'",
    'array (',
    'Array\n(\n',
    'map[A:[',
    '{A=[',
    '[a:"',
    '<Buffer',
    '\\\\u',
    'a(',
    '#<A ',
    '%{',
    '\n> ',
    '```\n',
    '- `A-B`: `',
    '$ curl ',
    "curl '",
    'curl -d "$(cat <<A\n',
    'curl <<A\n',
    '| curl ',
    'A=b ',
    'http :/ a=b ',
    'wget --header ',
    'fetch("a", {',
    ' fetch("u",[',
    ' fetch("u",[1,',
    ' fetch("u",f(',
    ' fetch(`${',
    ' fetch("u",{a:/[',
    ' fetch("u",/*',
    'fetch("u",{body:JSON.stringify(',
    '$a = @"\n',
    '2026-01-01 00:00:00 INFO ',
    '{"log":"x"}\n',
    '{"log":"{',
    '"A b=c" ',
    '### \n',
    'POST / HTTP/1.1\n',
    'Request URL: a\n',
    'A-B\n\t',
    'X-Signature:\n',
    'requests.post(json.dumps(',
    'HTTP_A=b\n',
    '\u00a0',
    '\u200b',
    '\u2011',
    '\u2026',
    '***',
    'signature: ',
    'signature-',
    'Array\n(\n    [a] => b\n',
    'array(1) {\n',
  ])('read in time that grows with their size, though they are nothing but %j', (piece) => {
    const timeOf = (bytes: number) => {
      const text = `curl\n${piece.repeat(Math.ceil(bytes / piece.length))}`;
      return cpuMsOf(() => {
        for (const paste of [text, text.slice(5), `Host: a\n${text.slice(5)}`]) parsePasted({ text: paste });
      });
    };
    timeOf(20_000);
    const [small, large] = [timeOf(20_000), timeOf(160_000)];
    // Eight times the size in a square would be 64 times as long.
    expect(large).toBeLessThan(Math.max(2000, small * 40));
  });

  it.each([
    ['code that does not end', (bytes: number) => `${' fetch("u",['.repeat(400)}${'1,'.repeat(bytes / 2)}`],
    ['JSON in JSON', (bytes: number) => ` fetch("u",{body:[${`${'JSON.stringify('.repeat(25)}1${')'.repeat(25)},`.repeat(bytes / 400)}]})`],
  ])('read in time that grows with their size, though many calls of fetch hold %s', (_, make) => {
    const timeOf = (bytes: number) => cpuMsOf(() => parsePasted({ text: make(bytes) }));
    timeOf(20_000);
    const [small, large] = [timeOf(20_000), timeOf(160_000)];
    expect(large).toBeLessThan(Math.max(1000, small * 40));
  });

  it.each([
    ['line breaks', () => Buffer.alloc(pasteLimitBytes, '\r\n')],
    ['bytes that are not UTF-8', () => Buffer.alloc(pasteLimitBytes, Buffer.from([0xc3, 0xa9, 0xff]))],
    ['characters that are doubtful', () => Buffer.alloc(pasteLimitBytes, '“')],
    ['blanks before anything else', () => Buffer.alloc(pasteLimitBytes, ' ')],
    ['colons', () => Buffer.alloc(pasteLimitBytes, 'a:')],
  ])('a body of nothing but %s is taken as it is', (_, make) => {
    const bytes = make();
    const { kind, body } = parsePasted({ bytes });
    expect([kind, body?.length]).toEqual(['body', pasteLimitBytes]);
  });
});
