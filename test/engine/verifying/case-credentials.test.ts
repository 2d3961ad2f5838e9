import { Buffer } from 'node:buffer';
import { createHmac } from 'node:crypto';
import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseOptions } from '#engine/signing/registry.ts';
import type { VerifyInput } from '#engine/signing/scheme.ts';
import { makeCaseFile } from '#engine/verifying/case-file/case-file.ts';

const secret = 'My+Sec/ret=Key"0123';
const hidden = 'Zq7Kp2vX9-open-sesame';
const body = '{"id":1}';
const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
const nowMs = Date.UTC(2026, 10, 21);

const base64 = (text: string) => Buffer.from(text).toString('base64');
const hex = (text: string) => Buffer.from(text).toString('hex');
const inUrl = encodeURIComponent;

function requestWith(headers: VerifyInput['headers'], url = 'https://shop.example/hook'): VerifyInput {
  return {
    options: parseOptions('github-sha256', {}),
    secrets: [secret],
    nowMs,
    method: 'POST',
    url,
    headers: [['X-Hub-Signature-256', signature], ['X-GitHub-Event', 'push'], ...headers],
    body: Buffer.from(body),
  };
}

async function filesOf(request: VerifyInput, includeHeaders: 'redacted' | 'all' = 'redacted'): Promise<readonly string[]> {
  const input = { request, includeHeaders, search: null, madeAtMs: nowMs };
  const files = await Promise.all([makeCaseFile(input, 'json'), makeCaseFile(input, 'html')]);
  return files.map(({ content }) => Buffer.from(content).toString());
}

async function shownHeader(value: string): Promise<string | undefined> {
  const [json = ''] = await filesOf(requestWith([['X-Note', value]]));
  const { request } = JSON.parse(json) as { request: { headers: { name: string; value: string }[] } };
  return request.headers.find(({ name }) => name === 'X-Note')?.value;
}

describe('credentials in a case file', () => {
  it.each([
    `/hook?access_token=${hidden}`,
    `https://a.example/?api_key=${hidden}`,
    `/x?password=${hidden}`,
    `/x?password=ab/${hidden}`,
    `/x;jsessionid=${hidden}`,
    `/x?X-Amz-Signature=${hidden}`,
    `<https://h.example/x?sig=${hidden}>; rel=next`,
    `https://h.example/cb#id_token=${hidden}`,
    `https://user:${hidden}@host.example/`,
    `https://user:p@${hidden}@host.example/`,
    `see https://user:${hidden}@host.example/ and others`,
    inUrl(`https://user:${hidden}@host.example/`),
    inUrl(`https://h/?token=${hidden}`),
    inUrl(inUrl(`https://h/?token=a&x=1&pw=${hidden}`)),
    inUrl(`https://h/?token=${inUrl(`a&${hidden}`)}`),
    `{"password":"${hidden}","a":1}`,
    `{"password" : "a\\"b${hidden}"}`,
    `{'pwd': '${hidden}'}`,
    JSON.stringify(JSON.stringify({ client_secret: hidden })),
    `{"tokens":["${hidden}"]}`,
    `&quot;password&quot;:&quot;${hidden}&quot;`,
    `a=1&client_secret=${hidden}`,
    `client%5Fsecret=${hidden}`,
    `PASSWORD=${hidden}`,
    `PASSWORD="${hidden} x"`,
    `token=${hidden}`,
    `token: ${hidden}`,
    `Bearer ${hidden}`,
    `bearer, ${hidden}`,
    `Basic dXNlcjp${base64(hidden)}`,
    `{"password"=>"${hidden}", "a"=>1}`,
    `&quot;password&quot;=&gt;&quot;${hidden}&quot;`,
    `Array ( [password] => ${hidden} )`,
    `{"name":"password","value":"${hidden}"}`,
    `{"key": "api_key", "type": "text", "value": "${hidden}"}`,
    `<input type="hidden" name="csrfmiddlewaretoken" value="${hidden}">`,
    `<meta name='csrf-token' content='${hidden}'>`,
    `deploy --user bob --password ${hidden}`,
    `deploy --token "${hidden} x"`,
    `//user:${hidden}@host.example/x`,
    `https://hooks.slack.com/services/T00000000/B00000000/${hidden}`,
    `https://discord.com/api/webhooks/123456789012345678/${hidden}`,
    `https://api.telegram.org/bot123456:${hidden}/getMe`,
    inUrl(`https://hooks.slack.com/services/T00000000/B00000000/${hidden}`),
    `<password>${hidden}</password>`,
    `<s:Password Type="x"><![CDATA[${hidden}]]></s:Password>`,
    `&lt;password&gt;${hidden}&lt;/password&gt;`,
    `x eyJhbGciOiJIUzI1NiJ9.${base64(hidden).replace(/=+$/, '')}.abc`,
    base64(`{"password":"${hidden}"}`),
    base64(base64(`https://h/?token=${hidden}`)),
    gzipSync(`{"password":"${hidden}"}`).toString('base64'),
  ])('are left out of a header of any name: %s', async (value) => {
    for (const text of await filesOf(requestWith([['X-Note', value]]))) {
      expect(text).not.toContain(hidden);
      expect(text).not.toContain(value);
      expect(text).toContain(signature);
    }
    expect((await shownHeader(value))?.includes('[redacted')).toBe(true);
  });

  it.each(['X-Pass', 'X-Creds', 'X-Login', 'X-Client-Cert', 'X-Pw', 'PHPSESSID', 'X-Authz', 'Authentication', 'X-CSRF', 'X-Origin-Verify'])(
    'are left out with the header %s',
    async (name) => {
      for (const text of await filesOf(requestWith([[name, hidden]]))) expect(text).not.toContain(hidden);
    },
  );

  it.each([
    `https://shop.example/?next=${inUrl(`https://h/?access_token=${hidden}`)}&page=2`,
    `https://shop.example/?pw=${hidden}&page=2`,
    `https://shop.example/?next=${inUrl(`https://u:${hidden}@h/`)}&page=2`,
    `https://shop.example/?state=${inUrl(base64(`{"password":"${hidden}"}`))}&page=2`,
  ])('are left out of the URL %s, and no more', async (url) => {
    for (const text of await filesOf(requestWith([], url))) {
      expect(text).not.toContain(hidden);
      expect(text).not.toContain(url.replaceAll('&', '&amp;'));
      expect(text).toMatch(/https:\/\/shop\.example\/\?.*redacted.*page=2/);
    }
  });

  it.each([
    ['a=1&token=x1y2z3&b=2', 'a=1&token=[redacted]&b=2'],
    ['{"pin":1234,"a":"b"}', '{"pin":[redacted],"a":"b"}'],
    ['{"password":null,"a":"b"}', '{"password":null,"a":"b"}'],
    [`/x?next=${inUrl('/y?token=abc&z=1')}&a=1`, `/x?next=${inUrl('/y?token=')}[redacted]${inUrl('&z=1')}&a=1`],
    ['<https://h/x?sig=abc>; rel="next"', '<https://h/x?sig=[redacted]>; rel="next"'],
    ['<a><password>abc</password><b>1</b></a>', '<a><password>[redacted]</password><b>1</b></a>'],
    ['{"name":"city","value":"Rome","token":"x1y2z3"}', '{"name":"city","value":"Rome","token":"[redacted]"}'],
    ['--color red --token x1y2z3 --verbose', '--color red --token [redacted] --verbose'],
    ['--token --verbose, a => b, see //host.example/a:b', '--token --verbose, a => b, see //host.example/a:b'],
    ['https://hooks.slack.com/docs', 'https://hooks.slack.com/docs'],
    ['00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb-01', '00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb-01'],
    ['code=500, monkey=banana, sort_key=a', 'code=500, monkey=banana, sort_key=a'],
    ['multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxk', 'multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxk'],
    ['authorization, x-token; the token is bad, basic things too', 'authorization, x-token; the token is bad, basic things too'],
  ])('go alone: %s', async (value, shown) => {
    expect(await shownHeader(value)).toBe(shown);
  });

  it('take the signature along nowhere, though another header repeats it', async () => {
    for (const text of await filesOf(requestWith([['X-Signature-Copy', signature]]))) expect(text).toContain(signature);
  });
});

const unicode = [...secret].map((each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
const everyByte = [...secret].map((each) => `%${each.charCodeAt(0).toString(16)}`).join('');

describe('the signing secret in a case file', () => {
  it.each([
    ['hex', hex(secret)],
    ['hex of capital letters', hex(secret).toUpperCase()],
    ['hex of hex', hex(hex(secret))],
    ['base64 of base64', base64(base64(secret))],
    ['base64 three times', base64(base64(base64(secret)))],
    ['base64 of hex', base64(hex(secret))],
    ['base64 of JSON', base64(JSON.stringify({ a: secret }))],
    ['JSON', JSON.stringify(secret)],
    ['HTML', secret.replace('"', '&quot;')],
    ['HTML of numbers', [...secret].map((each) => `&#${each.charCodeAt(0)};`).join('')],
    ['a URL', inUrl(secret)],
    ['a URL twice', inUrl(inUrl(secret))],
    ['a URL of small letters', inUrl(secret).replaceAll(/%../g, (escape) => escape.toLowerCase())],
    ['a URL, each byte', everyByte],
    ['a form that was read', secret.replaceAll('+', ' ')],
    ['\\u', unicode],
    ['gzip', gzipSync(secret).toString('base64')],
    ['gzip in hex', gzipSync(`{"a":"${secret}`).toString('hex')],
    ['zlib', deflateSync(secret).toString('base64')],
    ['base64 of UTF-16, as PowerShell has it', Buffer.from(secret, 'utf16le').toString('base64')],
    ['hex of UTF-16', Buffer.from(secret, 'utf16le').toString('hex')],
    ['base64 behind a word', `v1_${base64(`user:${secret}`)}`],
  ])('is left out of any header and the URL in %s, even when all is asked for', async (_, form) => {
    const request = requestWith([['X-Context', `a ${form}`]], `https://shop.example/?a=${form}`);
    for (const choice of ['redacted', 'all'] as const)
      for (const text of await filesOf(request, choice)) {
        for (const written of [form, form.replaceAll('"', '&quot;'), form.replaceAll('&', '&amp;'), JSON.stringify(form).slice(1, -1)])
          expect(text).not.toContain(written);
        expect(text).toContain(signature);
      }
  });

  it('is overwritten in a body, in these forms', async () => {
    const forms = [hex(secret).toUpperCase(), base64(base64(secret)).slice(0, -2), unicode, everyByte];
    const [json = ''] = await filesOf({ ...requestWith([]), body: Buffer.from(forms.join(' ')) });
    const shown = (JSON.parse(json) as { request: { body: { base64: string } } }).request.body.base64;
    for (const form of forms) expect(Buffer.from(shown, 'base64').toString()).not.toContain(form);
  });

  it('is said not to be looked for when it is short', async () => {
    const [json] = await filesOf({ ...requestWith([]), secrets: ['abc'] });
    expect(json).toContain('fewer than 8 characters');
  });
});

describe('a hostile header of 1 MiB', () => {
  const size = 1024 * 1024;
  const fill = (piece: string) => piece.repeat(Math.ceil(size / piece.length));
  it.each([
    ['joints', '='],
    ['escaped joints', '%3D'],
    ['names', 'a=a='],
    ['long names', `${'a'.repeat(99)}=`],
    ['private names', 'token='],
    ['private names in quotes', '"token":"'],
    ['closing marks', '>'],
    ['opening tags', '<a>'],
    ['private tags', '<pin>'],
    ['URLs', '://'],
    ['escaped URLs', '%3A%2F%2F'],
    ['escapes of escapes', '%25'],
    ['schemes', 'bearer '],
    ['spaces', 'bearer        '],
    ['pairs', 'name="a" '],
    ['pairs without values', '"name":"token",'],
    ['options', '--token '],
    ['arrows', '"token"=>'],
    ['addresses', 'hooks.slack.com/services/'],
    ['slashes', '//a:'],
    ['tokens', 'eyJaaaaaaaa.'],
    ['base64', base64('a=b,token=')],
    ['gzip', 'H4sIAAAAAAAA '],
    ['gzip in gzip', `${gzipSync(Buffer.alloc(120_000)).toString('base64')} `],
    ['hex', '3d3d3d3d'],
    ['entities', '&#61;'],
    ['JSON escapes', '\\u003d'],
    ['beginnings of the secret', inUrl(secret).slice(0, -1)],
    ['different values', Array.from({ length: 40_000 }, (_, index) => `token=value${index}&`).join('')],
  ])('of %s is read in a time that grows with it alone', async (_, piece) => {
    // A time that grows with its square would be minutes.
    const before = process.cpuUsage();
    await filesOf(requestWith([['X-Note', fill(piece)]]));
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(15_000);
  });
});
