import { describe, expect, it, onTestFinished } from 'vitest';
import { encodeEvent } from '#engine/templates/encode-event.ts';
import { findBodyProblem } from '#engine/templates/well-formed.ts';
import { starterFor } from '../../../src/renderer/features/compose/sample-scope.ts';
import { startClockedEngine } from '../../support/clocked-engine.ts';
import { startReceiver } from '../../support/scripted-receiver.ts';

const url = 'http://127.0.0.1:9/hook';
const form = 'application/x-www-form-urlencoded';
const multipart = 'multipart/form-data; boundary="b 1"';

const encoded = (kind: 'form' | 'xml', dataJson: string) =>
  Buffer.from(encodeEvent({ kind, type: 'a.b', timestamp: '2026-01-01T00:00:00.000Z', dataJson })).toString('utf8');

describe('an event without a template', () => {
  it('is sent as the form or XML that the content type promises, with its digits', async () => {
    const { client } = await startClockedEngine();
    const target = await startReceiver();
    onTestFinished(target.close);
    const dataText = '{"id":9007199254740993,"price":1.10,"customer":{"name":"Zoë & Co","tags":["a b",true,null,[]]}}';
    for (const contentType of [form, 'application/xml', 'text/xml; charset=utf-8'])
      await client.messages.send({ type: 'a.b', dataText, target: { name: 'Once', url: target.url, signing: null, contentType } });
    const [asForm, ...asXml] = [await target.nextRequest(), await target.nextRequest(), await target.nextRequest()].toSorted((one, other) =>
      (one.header('content-type') ?? '').localeCompare(other.header('content-type') ?? ''),
    );
    const bodies = target.requests.map(({ body }) => body.toString());
    const pairs = [...new URLSearchParams(bodies.find((body) => body.startsWith('type=')) ?? '')].filter(([name]) => name !== 'timestamp');
    expect(asForm).toBeDefined();
    expect(pairs).toEqual([
      ['type', 'a.b'],
      ['data[id]', '9007199254740993'],
      ['data[price]', '1.10'],
      ['data[customer][name]', 'Zoë & Co'],
      ['data[customer][tags][0]', 'a b'],
      ['data[customer][tags][1]', 'true'],
      ['data[customer][tags][2]', ''],
      ['data[customer][tags][3]', ''],
    ]);
    expect(asXml).toHaveLength(2);
    for (const body of bodies.filter((each) => each.startsWith('<?xml')))
      expect(body).toContain(
        '<data><id>9007199254740993</id><price>1.10</price><customer><name>Zoë &amp; Co</name><tags><item>a b</item><item>true</item><item/><item/></tags></customer></data></event>',
      );
  });

  it.each([
    ['{"a b":1,"1":2,"xmlns":3}', '<data><entry name="a b">1</entry><entry name="1">2</entry><entry name="xmlns">3</entry></data>'],
    ['"<a>\\r\\n\\"b\\""', '<data>&lt;a&gt;&#13;\n&quot;b&quot;</data>'],
    ['{}', '<data/>'],
    ['{"a":1,"a":2}', '<data><a>1</a><a>2</a></data>'],
  ])('is well-formed XML whatever names and texts it has: %s', (dataJson, part) => {
    const text = encoded('xml', dataJson);
    expect(text).toContain(part);
    expect(findBodyProblem({ contentType: 'application/xml', body: Buffer.from(text) })).toBeNull();
  });

  it('is refused where XML cannot hold it, and where it is too deep', () => {
    expect(() => encoded('xml', '"\\u0001"')).toThrow(/XML cannot have the character U\+0001/);
    expect(() => encoded('xml', '"\\ud800"')).toThrow(/XML cannot have the character U\+D800/);
    for (const kind of ['form', 'xml'] as const)
      expect(() => encoded(kind, `${'['.repeat(200)}${']'.repeat(200)}`)).toThrow(/nested more than 100 levels deep/);
  });

  it('is written in a thread where it is large, and the same', async () => {
    const { client } = await startClockedEngine();
    const data = { list: Array.from({ length: 5000 }, (_, index) => index) };
    const { bodyText } = await client.preview.render({ draft: { url, contentType: form, signing: null }, event: { type: 'a.b', data } });
    expect(new URLSearchParams(bodyText ?? '').get('data[list][4999]')).toBe('4999');
  });
});

describe('a body', () => {
  it.each([
    [form, 'a=1&b=%20c', null],
    [form, 'a=1 2', [1, 4]],
    [form, 'a=%2', [1, 3]],
    [form, 'a=é', [1, 3]],
    ['application/xml', '<?xml version="1.0"?><a b="1" c=\'2\'><!-- < --><![CDATA[<&]]>&amp;&#10;<é/></a>\n', null],
    ['application/xml', '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', null],
    ['application/soap+xml', '<a>\n  <b></a>', [2, 6]],
    ['application/xml', '<a>Tom & Co</a>', [1, 8]],
    ['application/xml', '<a>1 < 2</a>', [1, 6]],
    ['application/xml', '<a b=1/>', [1, 3]],
    ['application/xml', '<a/><b/>', [1, 5]],
    ['application/xml', 'a', [1, 1]],
    ['application/xml', '', [1, 1]],
    ['application/xml', '<a><b>', [1, 4]],
    ['application/xml', '<a><!-- ', [1, 4]],
    [multipart, '--b 1\r\n\r\nx\r\n--b 1--\r\n', null],
    [multipart, '--b 1\n\nx\n--b 1--\n', [1, 1]],
    [multipart, '--b 1\r\n\r\nx', [3, 2]],
    ['multipart/form-data', '--b\r\n', [1, 1]],
    ['text/plain', 'a & b <', null],
  ] as const)('of %s that is %j has its first problem at %j', (contentType, text, place) => {
    const problem = findBodyProblem({ contentType, body: Buffer.from(text) });
    expect(problem === null ? null : [problem.line, problem.column]).toEqual(place);
  });

  it('that its template makes otherwise than promised is a warning, in the preview and in the answer of a send', async () => {
    const { client } = await startClockedEngine();
    const fields = { url, signing: null, contentType: 'application/xml', template: '<a>\n{{ data.name }}</a>' } as const;
    await client.endpoints.create({ name: 'Own', ...fields });
    const event = { type: 'a.b', data: { name: 'Tom & Co' } };
    const warning = {
      code: 'BODY_NOT_WELL_FORMED',
      message:
        'The body is not what its content type promises, at line 2, column 5 of the result: a & that begins no entity: write &amp;, or use the escape filter.',
      path: 'template',
    };
    expect((await client.preview.render({ draft: fields, event })).warnings).toContainEqual(warning);
    expect((await client.messages.send(event)).warnings).toContainEqual(warning);
    expect((await client.messages.send({ ...event, data: { name: 'Tom' } })).warnings).not.toContainEqual(
      expect.objectContaining({ code: 'BODY_NOT_WELL_FORMED' }),
    );
  });

  it('that is large is checked in a thread, and sent whole', async () => {
    const { client } = await startClockedEngine();
    const target = await startReceiver();
    onTestFinished(target.close);
    const draft = { url: target.url, signing: null, contentType: 'application/xml', template: '<a>{{ data.text }}' } as const;
    const text = 'x'.repeat(100_000);
    const sent = await client.messages.send({ type: 'a.b', data: { text }, target: { name: 'Once', ...draft } });
    expect(sent.warnings.map(({ code }) => code)).toContain('BODY_NOT_WELL_FORMED');
    expect((await target.nextRequest()).body.toString()).toBe(`<a>${text}`);
    const shown = await client.preview.render({ draft, event: { type: 'a.b', data: { text } } });
    expect(shown).toMatchObject({ bodyText: `<a>${text}`, bodyBytes: 100_003 });
  });

  it.each(['application/json', form, 'text/xml', 'text/plain', multipart, 'multipart/mixed; boundary=x'])(
    'of the template to begin with for %s is well-formed',
    async (contentType) => {
      const { client } = await startClockedEngine();
      const shown = await client.preview.render({
        draft: { url, signing: null, contentType, template: starterFor(contentType) },
        event: { type: 'a.b', data: { name: 'Tom & <Co>' } },
      });
      expect(shown.warnings.map(({ code }) => code)).toEqual(['EVENT_TYPE_UNKNOWN']);
      expect(shown.bodyText).toContain('a.b');
    },
  );
});
