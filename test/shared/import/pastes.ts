import type { PasteInput, PastedKind } from '#shared/import/pasted.ts';

/** A paste as people bring it, and what is in it. */
export interface PasteCase {
  readonly name: string;
  readonly paste: PasteInput;
  readonly kind: PastedKind;
  readonly method?: string | null;
  readonly url?: string | null;
  readonly headers?: readonly (readonly [string, string])[];
  /** As UTF-8; null where the paste has none. */
  readonly body?: string | null;
  /** Parts of the notes and of the problems that are given; where none is named there are none. */
  readonly notes?: readonly string[];
  readonly problems?: readonly string[];
}

const text = (paste: string): PasteInput => ({ text: paste });
const assumedHttps = 'https:// was assumed';
const noType = 'names no Content-Type';
const json = '{"type":"invoice.paid","data":{"total":213}}';
const hmac = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';

/** Raw requests, header blocks and bodies. */
export const linePastes: readonly PasteCase[] = [
  {
    name: 'a raw request with LF',
    paste: text(`POST /hooks?x=1 HTTP/1.1\nHost: api.example.com\nContent-Type: application/json\nX-Hub-Signature-256: ${hmac}\n\n${json}`),
    kind: 'raw_request',
    method: 'POST',
    url: 'https://api.example.com/hooks?x=1',
    headers: [
      ['Host', 'api.example.com'],
      ['Content-Type', 'application/json'],
      ['X-Hub-Signature-256', hmac],
    ],
    body: json,
    notes: [assumedHttps],
  },
  {
    name: 'a raw request with CRLF in head and body, whose body keeps it',
    paste: text('POST /a HTTP/1.1\r\nHost: a.example\r\nContent-Length: 10\r\n\r\n{\r\n"a":1\r\n}'),
    kind: 'raw_request',
    url: 'https://a.example/a',
    headers: [
      ['Host', 'a.example'],
      ['Content-Length', '10'],
    ],
    body: '{\r\n"a":1\r\n}',
    notes: [assumedHttps, 'Content-Length says 10 bytes, but the body has 11', 'CRLF (2)'],
  },
  {
    name: 'a raw request of a file, byte for byte',
    paste: { bytes: new Uint8Array([...Buffer.from('PUT /b HTTP/1.1\r\nHost: 127.0.0.1:3000\r\n\r\n'), 0x7b, 0xc3, 0xa9, 0x7d]) },
    kind: 'raw_request',
    method: 'PUT',
    url: 'http://127.0.0.1:3000/b',
    headers: [['Host', '127.0.0.1:3000']],
    body: '{é}',
    notes: ['http:// was assumed'],
  },
  {
    name: "a raw request with an editor's line break at its end",
    paste: text('POST / HTTP/1.1\nHost: a.example\nContent-Length: 2\n\n{}\n'),
    kind: 'raw_request',
    body: '{}\n',
    notes: [assumedHttps, 'Without the line break at its end it has that size', 'an editor may have added'],
  },
  {
    name: 'a raw request without a body',
    paste: text('GET /hook?hub.mode=subscribe HTTP/1.1\r\nHost: a.example\r\nX-Forwarded-Proto: http\r\n\r\n'),
    kind: 'raw_request',
    method: 'GET',
    url: 'http://a.example/hook?hub.mode=subscribe',
    body: '',
    notes: ['X-Forwarded-Proto'],
  },
  {
    name: 'a raw request with an absolute target and no version',
    paste: text('POST https://a.example/x\nA-B: 1\n\nhi'),
    kind: 'raw_request',
    url: 'https://a.example/x',
    headers: [['A-B', '1']],
    body: 'hi',
  },
  {
    name: 'a raw request behind a byte order mark and empty lines',
    paste: text('\ufeff\n\nPOST /x HTTP/1.1\nBad header\nA-B: 1\n\nhi'),
    kind: 'raw_request',
    url: '/x',
    headers: [['A-B', '1']],
    body: 'hi',
    notes: ['byte order mark', 'Empty space', 'no Host header'],
    problems: ['no colon'],
  },
  {
    name: 'a raw request in chunks',
    paste: text('POST https://a.example/ HTTP/1.1\nTransfer-Encoding: chunked\n\n2\r\n{}\r\n0\r\n\r\n'),
    kind: 'raw_request',
    body: '2\r\n{}\r\n0\r\n\r\n',
    notes: ['CRLF (4)', 'an editor may have added', 'chunk sizes'],
  },
  {
    name: 'the headers of an HTTP/2 request with its pseudo-headers',
    paste: text(':method: POST\n:authority: a.example\n:scheme: https\n:path: /h\ncontent-type: application/json'),
    kind: 'headers',
    method: 'POST',
    url: 'https://a.example/h',
    headers: [['content-type', 'application/json']],
    body: null,
    notes: [assumedHttps],
  },
  {
    name: 'headers as browsers copy them, each name on a line before its value',
    paste: text('content-type:\napplication/json\nx-hub-signature-256:\nsha256=abc\nuser-agent:\nGitHub-Hookshot/1'),
    kind: 'headers',
    headers: [
      ['content-type', 'application/json'],
      ['x-hub-signature-256', 'sha256=abc'],
      ['user-agent', 'GitHub-Hookshot/1'],
    ],
    body: null,
    notes: ['Names and values are on separate lines'],
  },
  {
    name: 'headers out of a table',
    paste: text('Content-Type\tapplication/json\nX-Signature\tabc'),
    kind: 'headers',
    headers: [
      ['Content-Type', 'application/json'],
      ['X-Signature', 'abc'],
    ],
    notes: ['separated by tabs'],
  },
  {
    name: 'a header block alone',
    paste: text('Content-Type: application/json\nX-A: 1\n\n'),
    kind: 'headers',
    body: null,
    headers: [
      ['Content-Type', 'application/json'],
      ['X-A', '1'],
    ],
  },
  {
    name: 'a header block with its body',
    paste: text(`webhook-id: msg_1\nwebhook-timestamp: 1614265330\nwebhook-signature: v1,abc=\n\n${json}`),
    kind: 'headers_and_body',
    method: null,
    url: null,
    headers: [
      ['webhook-id', 'msg_1'],
      ['webhook-timestamp', '1614265330'],
      ['webhook-signature', 'v1,abc='],
    ],
    body: json,
  },
  {
    name: 'a header with characters whose bytes are not known',
    paste: text('X-Name: Zoë\nX-B: 1'),
    kind: 'headers',
    headers: [
      ['X-Name', 'Zoë'],
      ['X-B', '1'],
    ],
    notes: ['outside ASCII'],
  },
  { name: 'a JSON body', paste: text(json), kind: 'body', body: json, headers: [] },
  { name: 'a form body', paste: text('token=xyz&team_id=T1&text='), kind: 'body', body: 'token=xyz&team_id=T1&text=' },
  { name: 'a plain text', paste: text('Hello, World!'), kind: 'body', body: 'Hello, World!' },
  {
    name: 'an XML body with a colon in its first line',
    paste: text('<?xml version="1.0"?>\n<a:b xmlns:a="urn:x"/>'),
    kind: 'body',
    body: '<?xml version="1.0"?>\n<a:b xmlns:a="urn:x"/>',
  },
  { name: 'text that only begins like JSON', paste: text('{a:1, b:2}'), kind: 'body', body: '{a:1, b:2}', notes: ['begins like JSON'] },
  {
    name: 'a body that went through a chat tool',
    paste: text('\ufeff{“a”:\u00a01, "b": "\ufffd\u200b"}'),
    kind: 'body',
    notes: [
      'begins like JSON',
      'byte order mark',
      'Smart quotes found at byte 4',
      'No-break spaces found at byte',
      'Zero-width',
      'Replacement',
    ],
  },
  {
    name: 'bytes that are not UTF-8',
    paste: { bytes: new Uint8Array([0x68, 0x69, 0xff, 0x00]) },
    kind: 'body',
    notes: ['not UTF-8 from byte 2'],
  },
  { name: 'a gzip file', paste: { bytes: new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0]) }, kind: 'body', notes: ['gzip'] },
  {
    name: 'a response in place of a request',
    paste: text('HTTP/1.1 200 OK\nContent-Type: text/plain\n\nok'),
    kind: 'headers_and_body',
    body: 'ok',
    problems: ['first line of a response'],
  },
  { name: 'half a character', paste: text('a\ud800b'), kind: 'body', body: 'a\ufffdb', notes: ['lone surrogate', 'Replacement'] },
  {
    name: 'a PowerShell command',
    paste: text('Invoke-WebRequest -Uri "https://a.example"'),
    kind: 'powershell',
    method: 'GET',
    url: 'https://a.example',
    body: null,
  },
  {
    name: 'JavaScript',
    paste: text('fetch("https://a.example", {"method":"POST"});'),
    kind: 'fetch',
    method: 'POST',
    url: 'https://a.example',
    body: null,
  },
  { name: 'nothing', paste: text(''), kind: 'nothing', body: null },
];

/** Commands as browsers, Postman and dashboards write them, and as people type them. */
export const curlPastes: readonly PasteCase[] = [
  {
    name: 'Chrome, copy as cURL (bash)',
    paste: text(
      `curl 'https://app.example.com/api/hooks?x=1&y=2' \\\n  -H 'accept: application/json, text/plain, */*' \\\n  -H 'content-type: application/json' \\\n  -b 'sid=abc; theme=dark' \\\n  -H 'user-agent: Mozilla/5.0' \\\n  --data-raw '${json}' \\\n  --compressed`,
    ),
    kind: 'curl',
    method: 'POST',
    url: 'https://app.example.com/api/hooks?x=1&y=2',
    headers: [
      ['accept', 'application/json, text/plain, */*'],
      ['content-type', 'application/json'],
      ['Cookie', 'sid=abc; theme=dark'],
      ['user-agent', 'Mozilla/5.0'],
    ],
    body: json,
  },
  {
    name: 'Chrome (bash) with quotes, line breaks and an exclamation mark',
    paste: text(
      `curl 'https://a.example/' \\\n  -X 'PUT' \\\n  -H 'content-type: text/plain' \\\n  --data-raw $'it\\'s\\n\\u0021 \\\\ \\u00e9\\t'`,
    ),
    kind: 'curl',
    method: 'PUT',
    body: "it's\n! \\ é\t",
  },
  {
    name: 'Chrome, copy as cURL (cmd)',
    paste: text(
      'curl ^"https://a.example/hook?x=1^&y=2^" ^\r\n  -H ^"content-type: application/json^" ^\r\n  --data-raw ^"^{^\\^"a^\\^":^\\^"50^% off^\\^",^\\^"p^\\^":^\\^"C:^\\^\\^\\^\\x^\\^"^}^" ^\r\n  --compressed',
    ),
    kind: 'curl',
    method: 'POST',
    url: 'https://a.example/hook?x=1&y=2',
    headers: [['content-type', 'application/json']],
    body: '{"a":"50% off","p":"C:\\\\\\\\x"}',
    notes: ['Windows command prompt', 'doubles them'],
  },
  {
    name: 'Chrome (cmd) with line breaks in the body',
    paste: text('curl ^"https://a.example/^" ^\n  -H ^"content-type: text/plain^" ^\n  --data-raw ^"one^\n\ntwo^" & echo done'),
    kind: 'curl',
    body: 'one\ntwo',
    notes: ['Windows command prompt', 'left out: & echo done'],
  },
  {
    name: 'Firefox on Windows with plain double quotes',
    paste: text('curl "https://a.example/" --compressed -X POST -H "Content-Type: application/json" --data-raw "{\\"a\\":1}"'),
    kind: 'curl',
    method: 'POST',
    body: '{"a":1}',
  },
  {
    name: 'Postman',
    paste: text(
      `curl --location 'https://a.example/hook' \\\n--header 'Content-Type: application/json' \\\n--header 'X-Signature: abc' \\\n--data '{\n    "a": 1\n}'`,
    ),
    kind: 'curl',
    method: 'POST',
    headers: [
      ['Content-Type', 'application/json'],
      ['X-Signature', 'abc'],
    ],
    body: '{\n    "a": 1\n}',
  },
  {
    name: 'a dashboard, behind a prompt',
    paste: text(`$ curl -i -X POST https://a.example/hook -H "Content-Type: application/json" -d "{\\"a\\": \\"\\$5\\"}"`),
    kind: 'curl',
    body: '{"a": "$5"}',
    notes: ['The prompt before the command was left out: $'],
  },
  {
    name: 'short options that stand together',
    paste: text(`curl -sSLXPOST -H'Content-Type: a/b' -dhi a.example`),
    kind: 'curl',
    url: 'http://a.example',
    headers: [['Content-Type', 'a/b']],
    body: 'hi',
    notes: ['http:// was put before it'],
  },
  {
    name: '--json',
    paste: text(`curl --json '{"a":' --json '1}' https://a.example`),
    kind: 'curl',
    headers: [
      ['Content-Type', 'application/json'],
      ['Accept', 'application/json'],
    ],
    body: '{"a":1}',
  },
  {
    name: '-G with data',
    paste: text(`curl -G 'https://a.example/?a=1' -d b=2 --data-urlencode 'c=x y&z' -A me -e https://r.example`),
    kind: 'curl',
    method: 'GET',
    url: 'https://a.example/?a=1&b=2&c=x+y%26z',
    headers: [
      ['User-Agent', 'me'],
      ['Referer', 'https://r.example'],
    ],
    body: null,
    notes: ['%20'],
  },
  {
    name: '--data-urlencode in its forms',
    paste: text(`curl https://a.example -H 'Content-Type: x' --data-urlencode '=é=' --data-urlencode 'plain/' --data-urlencode 'k=v'`),
    kind: 'curl',
    body: '%C3%A9%3D&plain%2F&k=v',
  },
  {
    name: '-u',
    paste: text('curl -u user:pässword https://a.example'),
    kind: 'curl',
    method: 'GET',
    headers: [['Authorization', 'Basic dXNlcjpww6Rzc3dvcmQ=']],
    body: null,
  },
  {
    name: 'a body in a file',
    paste: text('curl https://a.example -d @body.json'),
    kind: 'curl',
    method: 'POST',
    body: null,
    problems: ['body.json, which cannot be read'],
  },
  {
    name: 'headers in a file and a form',
    paste: text('curl https://a.example -H @headers.txt -F a=b'),
    kind: 'curl',
    method: 'POST',
    body: null,
    problems: ['headers.txt', '-F is not supported'],
  },
  {
    name: 'a body that begins with @',
    paste: text(`curl https://a.example -H 'Content-Type: x' --data-raw @me`),
    kind: 'curl',
    body: '@me',
  },
  {
    name: 'empty and removed headers',
    paste: text(`curl https://a.example -H 'X-Empty;' -H 'Accept:' -H 'X: y'`),
    kind: 'curl',
    headers: [
      ['X-Empty', ''],
      ['X', 'y'],
    ],
    notes: ['keeps curl from sending Accept'],
  },
  {
    name: 'a shell variable',
    paste: text('curl https://a.example -H "Authorization: Bearer $TOKEN" -d x=$(date)'),
    kind: 'curl',
    headers: [['Authorization', 'Bearer $TOKEN']],
    body: 'x=$(date)',
    notes: ['$TOKEN is filled in by the shell', '$(date) is filled in', noType],
  },
  {
    name: 'an address with & and no quotes',
    paste: text('curl https://a.example/?a=1&b=2'),
    kind: 'curl',
    url: 'https://a.example/?a=1',
    notes: ['left out: & b=2'],
  },
  {
    name: 'smart quotes',
    paste: text('curl https://a.example -H “X: y”'),
    kind: 'curl',
    notes: ['Smart quotes found at byte 26', 'keeps curl from sending “X'],
    problems: ['names 2 URLs'],
  },
  {
    name: 'a command cut off in a quote',
    paste: text(`curl https://a.example -H 'A: b`),
    kind: 'curl',
    headers: [['A', 'b']],
    problems: ['not closed'],
  },
  { name: 'no address', paste: text('curl -X POST'), kind: 'curl', url: null, problems: ['names no URL'] },
  {
    name: 'a body that is piped in',
    paste: text(`echo -n '{"a":1}' | curl https://a.example -H 'Content-Type: x' --data-binary @-`),
    kind: 'curl',
    body: '{"a":1}',
  },
  {
    name: 'environment variables before the command and jq behind it',
    paste: text(`HTTPS_PROXY=x curl --foo https://a.example | jq .`),
    kind: 'curl',
    notes: ['left out: | jq .', '--foo is not known'],
  },
];

const har = (entries: readonly unknown[]) => JSON.stringify({ log: { version: '1.2', entries } });
const entry = (postData: unknown, more: object = {}) => ({
  startedDateTime: '2026-01-01T00:00:00Z',
  request: {
    method: 'POST',
    url: 'https://a.example/h',
    httpVersion: 'h2',
    headers: [
      { name: ':path', value: '/h' },
      { name: 'content-type', value: 'application/json' },
    ],
    postData,
    ...more,
  },
  response: { status: 200 },
});
const harHeaders = [['content-type', 'application/json']] as const;
const pseudo = 'Pseudo-headers';

/** HAR, and JSON of other tools and of ours. */
export const jsonPastes: readonly PasteCase[] = [
  {
    name: 'headers of which one stands there twice, and another with a list',
    paste: text('{"X-Signature": "old", "Set-Cookie": ["a", "b"], "Content-Type": "text/plain", "X-Signature": "new"}'),
    kind: 'headers_json',
    headers: [
      ['X-Signature', 'old'],
      ['Set-Cookie', 'a'],
      ['Set-Cookie', 'b'],
      ['Content-Type', 'text/plain'],
      ['X-Signature', 'new'],
    ],
    notes: ['the header "X-Signature" more than once; every value was kept'],
  },
  {
    name: 'a request with repeated headers, and repeated names elsewhere',
    paste: text('{"method": "POST", "headers": {"X-A": "1", "X-A": "2"}, "method": "PUT", "body": {"a": {"b": 1, "b": 2}}}'),
    kind: 'request_json',
    method: 'PUT',
    headers: [
      ['X-A', '1'],
      ['X-A', '2'],
    ],
    body: '{"a":{"b":2}}',
    notes: [
      '"X-A" more than once; every value',
      '"method" more than once in one object; the last',
      'exact bytes are not known',
      '"b" more than once',
    ],
  },
  {
    name: 'a HAR file of one entry',
    paste: text(har([entry({ mimeType: 'application/json', text: json })])),
    kind: 'har',
    method: 'POST',
    url: 'https://a.example/h',
    headers: harHeaders,
    body: json,
    notes: [pseudo],
  },
  {
    name: 'a HAR entry with a body in base64',
    paste: text(JSON.stringify(entry({ text: 'eyJhIjoxfQ==', encoding: 'base64' }))),
    kind: 'har',
    headers: harHeaders,
    body: '{"a":1}',
    notes: [pseudo],
  },
  {
    name: 'a HAR entry whose base64 is broken',
    paste: text(JSON.stringify(entry({ text: 'eyJh*', encoding: 'base64' }))),
    kind: 'har',
    body: null,
    notes: [pseudo],
    problems: ['declared as base64'],
  },
  {
    name: 'a HAR file of several entries',
    paste: text(har([entry({ text: 'one' }), entry({ text: 'two' })])),
    kind: 'har',
    body: 'one',
    notes: ['There are 2 requests', pseudo],
  },
  {
    name: 'a HAR entry that left the text of a form out',
    paste: text(JSON.stringify(entry({ params: [{ name: 'a', value: 'b' }] }))),
    kind: 'har',
    body: 'a=b',
    notes: [pseudo, 'were put together from them'],
  },
  {
    name: 'a HAR entry with one character for each byte',
    paste: text(JSON.stringify(entry({ text: '\u00c3\u00a9' }, { bodySize: 2 }))),
    kind: 'har',
    body: 'é',
    notes: [pseudo, 'each of its characters stands for one byte'],
  },
  {
    name: 'a HAR entry whose size differs',
    paste: text(JSON.stringify(entry({ text: 'abc' }, { bodySize: 9 }))),
    kind: 'har',
    body: 'abc',
    notes: [pseudo, 'had 9 bytes'],
  },
  { name: 'an empty HAR file', paste: text(har([])), kind: 'har', problems: ['contains no request'] },
  {
    name: 'an object of headers',
    paste: text('{"Content-Type":"application/json","X-Two":["a","b"],"Content-Length":3}'),
    kind: 'headers_json',
    headers: [
      ['Content-Type', 'application/json'],
      ['X-Two', 'a'],
      ['X-Two', 'b'],
      ['Content-Length', '3'],
    ],
    body: null,
  },
  {
    name: 'a list of pairs',
    paste: text('[["webhook-id","msg_1"],["webhook-timestamp","1"]]'),
    kind: 'headers_json',
    headers: [
      ['webhook-id', 'msg_1'],
      ['webhook-timestamp', '1'],
    ],
  },
  {
    name: 'a list of names and values',
    paste: text('[{"name":"X-A","value":"1"},{"key":"X-B","value":"2"}]'),
    kind: 'headers_json',
    headers: [
      ['X-A', '1'],
      ['X-B', '2'],
    ],
  },
  { name: 'a list that is a payload', paste: text('[{"email":"a@b.example","event":"dropped"}]'), kind: 'body' },
  {
    name: 'headers with a body as text',
    paste: text(JSON.stringify({ headers: { 'X-A': '1' }, body: json })),
    kind: 'request_json',
    headers: [['X-A', '1']],
    body: json,
  },
  {
    name: 'headers with a body as JSON',
    paste: text('{"headers":{"X-A":"1"},"payload":{"a": 1.0}}'),
    kind: 'request_json',
    body: '{"a":1}',
    notes: ['exact bytes are not known'],
  },
  {
    name: 'an API gateway event',
    paste: text(JSON.stringify({ httpMethod: 'POST', path: '/h', headers: { Host: 'a.example' }, body: 'aGk=', isBase64Encoded: true })),
    kind: 'request_json',
    method: 'POST',
    url: 'https://a.example/h',
    body: 'hi',
    notes: [assumedHttps],
  },
  {
    name: 'a delivery of a provider with its request inside',
    paste: text(JSON.stringify({ id: 1, event: 'push', request: { headers: { 'X-GitHub-Event': 'push' }, payload: { a: 1 } } })),
    kind: 'request_json',
    headers: [['X-GitHub-Event', 'push']],
    body: '{"a":1}',
    notes: ['exact bytes'],
  },
  {
    name: 'a Postman item',
    paste: text(
      JSON.stringify({
        name: 'x',
        request: {
          method: 'POST',
          header: [{ key: 'X-A', value: '1' }],
          url: { raw: 'https://a.example/p' },
          body: { mode: 'raw', raw: 'hi' },
        },
      }),
    ),
    kind: 'postman',
    url: 'https://a.example/p',
    headers: [['X-A', '1']],
    body: 'hi',
  },
  {
    name: 'the raw headers and a buffer of Node',
    paste: text('{"method":"POST","url":"/h","rawHeaders":["Host","a.example"],"body":{"type":"Buffer","data":[104,105]}}'),
    kind: 'request_json',
    url: 'https://a.example/h',
    headers: [['Host', 'a.example']],
    body: 'hi',
    notes: [assumedHttps],
  },
  {
    name: 'a capture of ours',
    paste: text(
      JSON.stringify({
        id: 'cap_1',
        method: 'POST',
        target: '/bin/x',
        headers: [['Host', '127.0.0.1:4610']],
        bodyBase64: '/w==',
        bodyBytes: 1,
        isBodyTruncated: true,
        response: { status: 200, headers: [] },
      }),
    ),
    kind: 'request_json',
    url: 'http://127.0.0.1:4610/bin/x',
    notes: ['http:// was assumed', 'not UTF-8'],
    problems: ['cut off'],
  },
  {
    name: 'an attempt of ours',
    paste: text(
      JSON.stringify({
        id: 'att_1',
        request: { method: 'POST', url: 'https://a.example', headers: [['X', 'y']], bodyBase64: 'aGk=', bodyBytes: 2 },
        response: { status: 500, headers: [['X-R', 'z']] },
      }),
    ),
    kind: 'request_json',
    url: 'https://a.example',
    headers: [['X', 'y']],
    body: 'hi',
  },
  {
    name: 'a delivery of ours with two attempts',
    paste: text(
      JSON.stringify({
        id: 'dlv_1',
        attempts: [1, 2].map((number) => ({
          number,
          request: { method: 'POST', url: 'https://a.example', headers: [['X', 'y']], bodyBase64: 'aGk=' },
        })),
      }),
    ),
    kind: 'request_json',
    body: 'hi',
    notes: ['There are 2 requests'],
  },
  {
    name: 'a body declared as hex',
    paste: text('{"headers":{"X-A":"1"},"body":"68 69","bodyEncoding":"hex"}'),
    kind: 'request_json',
    body: 'hi',
    notes: ['Separators'],
  },
  {
    name: 'a body declared as hex that is none',
    paste: text('{"headers":{"X-A":"1"},"body":"6x","bodyEncoding":"hex"}'),
    kind: 'request_json',
    body: null,
    problems: ['"x" is not a hex digit'],
  },
];
