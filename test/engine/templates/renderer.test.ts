import { describe, expect, it, onTestFinished } from 'vitest';
import { backgroundThread } from '#engine/threads/background-url.ts';
import { createBackground, TaskEnded, type AskedTask, type Background, type Lane } from '#engine/background/background.ts';
import { createRenderer } from '#engine/templates/renderer.ts';
import { unreadTemplate } from '#engine/templates/template.ts';
import { noVariables } from '#engine/templates/variables.ts';
import type { BodyStyle } from '#shared/json/body-style.ts';

/** A renderer over real threads that notes which tasks went there. */
function start(atOnceMs?: number) {
  const background = createBackground({ threadCode: backgroundThread });
  onTestFinished(background.close);
  const tasks: string[] = [];
  const noted: Background = {
    ...background,
    run: <I, O, P>(lane: Lane, task: AskedTask<I, O, P>, input: I) => {
      tasks.push(task.name);
      return background.run(lane, task, input);
    },
  };
  return { tasks, renderer: createRenderer(noted, atOnceMs) };
}

const event = (data: unknown) => ({
  id: 'msg_1',
  type: 'invoice.paid',
  dataJson: JSON.stringify(data),
  data,
  variables: noVariables,
  nowMs: 0,
});
const endpoint = (source: string | null, contentType = 'text/plain', bodyStyle: BodyStyle | null = null) => ({
  id: 'ep_1',
  name: 'Own',
  template: source === null ? null : unreadTemplate(source),
  contentType,
  bodyStyle,
  batch: null,
});
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8');

describe('rendering', () => {
  it('writes JSON in the style of its endpoint, what is large or deep in a thread, and leaves what is no JSON', async () => {
    const { tasks, renderer } = start(10_000);
    const template = '{"list": {{ data.list | json }}, "n": {{ data.n }}}';
    const exact = { id: 'msg_1', type: 'invoice.paid', dataJson: '{"list":["a/b",[]],"n":1.10}', variables: noVariables, nowMs: 0 };
    const render = async (body: string, style: BodyStyle, type = 'application/json') =>
      text(await renderer.render(endpoint(body, type, style), exact));
    expect(await render(template, 'ruby-pretty')).toBe('{\n  "list": [\n    "a/b",\n    [\n\n    ]\n  ],\n  "n": 1.10\n}');
    expect(await render(template, 'escaped-slashes', 'application/vnd.x+json; charset=utf-8')).toBe('{"list":["a\\/b",[]],"n":1.10}');
    expect(await render('n = {{ data.n }}', 'pretty2', 'text/plain')).toBe('n = 1.10');
    expect(tasks).toEqual([]);
    const deep = `${'['.repeat(150)}${']'.repeat(150)}`;
    expect(await render(` ${deep} `, 'compact')).toBe(deep);
    expect(tasks).toEqual(['styleBody']);
    const large = JSON.stringify({ text: 'é'.repeat(40_000) });
    const envelope = await renderer.render(endpoint(null, 'application/json', 'escaped-unicode'), { ...exact, dataJson: large });
    expect(text(envelope)).toContain('\\u00e9'.repeat(40_000));
    expect(tasks).toEqual(['styleBody', 'styleBody']);
  });

  it('refuses a style for a body that is nested too deep to be laid out', async () => {
    const { renderer } = start();
    const deep = endpoint(`${'['.repeat(1001)}${']'.repeat(1001)}`, 'application/json', 'pretty2');
    await expect(renderer.render(deep, event({}))).rejects.toMatchObject({
      code: 'TEMPLATE_INVALID',
      data: { issues: [{ path: 'bodyStyle' }] },
    });
  });

  it('of an ordinary template is done at once', async () => {
    // Time enough also for a machine that is busy otherwise.
    const { tasks, renderer } = start(10_000);
    const own = endpoint(
      '{"t": {{ type | json }}, "n": [{% for n in data.list %}{{ n }}{% unless forloop.last %},{% endunless %}{% endfor %}]}',
    );
    expect(text(await renderer.render(own, event({ list: [1, 2, 3] })))).toBe('{"t": "invoice.paid", "n": [1,2,3]}');
    expect(tasks).toEqual([]);
  });

  it('without a template puts the data into the envelope as it is, where it is not parsed yet', async () => {
    const { renderer } = start();
    const { data: _, ...unparsed } = event({ a: '☃' });
    expect(text(await renderer.render(endpoint(null), unparsed))).toBe(
      '{"type":"invoice.paid","timestamp":"1970-01-01T00:00:00.000Z","data":{"a":"☃"}}',
    );
  });

  it.each<[string, string, unknown]>([
    ['long', `${'{{ 1 }}'.repeat(400)}`, {}],
    ['with data that is large', '{{ data.text | size }}', { text: 'x'.repeat(100_000) }],
    ['with a tag that can double what it makes', '{% capture a %}x{% endcapture %}{{ a }}', {}],
    ['with a filter that takes long on one value', '{{ "<b>" | strip_html }}', {}],
    ['that turns out to make much', '{% for a in (1..200) %}{{ data.text }}{% endfor %}', { text: 'x'.repeat(2000) }],
  ])('of a template that is %s goes to a thread, with the same result', async (_, source, data) => {
    const { tasks, renderer } = start();
    const body = await renderer.render(endpoint(source), event(data));
    expect(tasks).toEqual(['render']);
    expect(body.byteLength).toBeGreaterThanOrEqual(0);
  });

  it('is tried at once only so often before a template goes to a thread for good', async () => {
    const { tasks, renderer } = start();
    const own = endpoint('{% for a in (1..200) %}{{ data.text }}{% endfor %}');
    for (let time = 0; time < 5; time += 1)
      expect((await renderer.render(own, event({ text: 'x'.repeat(2000) }))).byteLength).toBe(400_000);
    expect(tasks).toHaveLength(5);
  });

  it('refuses what never ends, with a sentence that says what to change', async () => {
    const { renderer } = start();
    const endless = endpoint('{% for a in (1..100000) %}{% for b in (1..100000) %}{% endfor %}{% endfor %}');
    await expect(renderer.render(endless, event({}))).rejects.toThrow(/it takes too long to render\. Make its loops shorter/);
  });

  it.each([
    ['late', /it takes more than 5 seconds to read and render\. Make it and its loops shorter/],
    ['memory', /it makes too much text or too long lists/],
  ] as const)('refuses a template whose thread had to be ended (%s)', async (why, sentence) => {
    const renderer = createRenderer({ run: () => Promise.reject(new TaskEnded(why)), close: () => Promise.resolve() });
    await expect(renderer.render(endpoint('{% capture a %}{% endcapture %}'), event({}))).rejects.toThrow(sentence);
    await expect(renderer.check(unreadTemplate('{% capture a %}'))).rejects.toMatchObject({ code: 'TEMPLATE_INVALID' });
  });

  it.each(['{% nope %}', `${' '.repeat(20_000)}{% nope %}`])('checks templates of either kind by reading them', async (source) => {
    const { renderer } = start();
    await expect(renderer.check(unreadTemplate(source))).rejects.toMatchObject({ code: 'TEMPLATE_INVALID' });
    await expect(renderer.check(null)).resolves.toBeUndefined();
  });
});
