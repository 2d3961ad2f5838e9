import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createBackground } from '#engine/background/background.ts';
import { createImporter } from '#engine/events/import/importer.ts';
import { backgroundThread } from '#engine/threads/background-url.ts';
import { largeOpenApi } from '../../support/large-openapi.ts';
import { startClockedEngine, type EngineClient } from '../../support/clocked-engine.ts';

const folder = join(import.meta.dirname, '../../fixtures/documents');

/** An OpenAPI document of these events; each has one property, of a type that can be told. */
function shop(events: Readonly<Record<string, string>>, title = 'Shop') {
  const item = (type: string) => ({
    post: {
      summary: `A ${type}`,
      requestBody: { content: { 'application/json': { schema: { type: 'object', properties: { it: { type } } } } } },
    },
  });
  const webhooks = Object.fromEntries(Object.entries(events).map(([name, type]) => [name, item(type)]));
  return JSON.stringify({ openapi: '3.1.0', info: { title, version: '1' }, webhooks });
}

const namesOf = (listed: readonly { readonly name: string }[]) => listed.map(({ name }) => name);

async function catalogue(client: EngineClient) {
  return namesOf((await client.eventTypes.summaries({})).items);
}

describe('an import', () => {
  it('says first what it would do, and then does it', async () => {
    const { client } = await startClockedEngine();
    const text = readFileSync(join(folder, 'adyen-management-v3.json'), 'utf8');
    const dry = await client.eventTypes.import({ text, dryRun: true });
    expect([dry.documents, dry.added.length, dry.changed, dry.removed]).toEqual([
      [{ file: null, format: 'OpenAPI 3.1.0', source: 'Management Webhooks' }],
      8,
      [],
      [],
    ]);
    expect(await catalogue(client)).toEqual([]);
    const done = await client.eventTypes.import({ text });
    expect(done).toEqual({ ...dry, dryRun: false, undoId: expect.any(String) as string });
    expect(dry.undoId).toBeNull();
    const saved = await client.eventTypes.get({ name: 'merchant.updated' });
    expect(saved).toMatchObject({
      title: 'Merchant account capability updated',
      group: 'Merchant account',
      source: 'Management Webhooks',
      dataCheck: 'warn',
      samples: [{ name: 'merchant-updated-valid' }, { name: 'merchant-updated-with-errors' }],
    });
    expect(saved.sample).toEqual(saved.samples[0]?.data);
    const again = await client.eventTypes.import({ text });
    expect([again.added, again.changed, again.unchanged.length]).toEqual([[], [], 8]);
  });

  it('of a newer document shows what is added, changed and removed, and takes over what is chosen', async () => {
    const { client } = await startClockedEngine();
    await client.eventTypes.import({ text: shop({ 'a.same': 'string', 'b.changed': 'string', 'c.gone': 'string', 'd.gone': 'string' }) });
    await client.eventTypes.import({ text: shop({ 'x.other': 'string' }, 'Other') });
    const text = shop({ 'a.same': 'string', 'b.changed': 'integer', 'e.new': 'string' });
    const { added, changed, removed, unchanged } = await client.eventTypes.import({ text, dryRun: true });
    expect([namesOf(added), namesOf(changed), namesOf(removed), unchanged]).toEqual([
      ['e.new'],
      ['b.changed'],
      ['c.gone', 'd.gone'],
      ['a.same'],
    ]);
    expect(changed[0]?.changes).toEqual(['title', 'schema', 'samples']);
    await client.eventTypes.import({ text, only: ['e.new', 'c.gone'] });
    expect(await catalogue(client)).toEqual(['a.same', 'b.changed', 'd.gone', 'e.new', 'x.other']);
    expect((await client.eventTypes.get({ name: 'b.changed' })).title).toBe('A string');
    await client.eventTypes.import({ text });
    expect(await catalogue(client)).toEqual(['a.same', 'b.changed', 'e.new', 'x.other']);
    await expect(client.eventTypes.import({ text, only: ['f.lost'] })).rejects.toMatchObject({ data: { issues: [{ path: 'only' }] } });
  });

  it('leaves what somebody wrote by hand, unless it is chosen by name', async () => {
    const { client } = await startClockedEngine();
    await client.eventTypes.create({ name: 'own.event', description: 'Mine.' });
    await client.eventTypes.import({ text: shop({ 'a.b': 'string', 'c.d': 'string', 'e.f': 'string' }) });
    await client.eventTypes.update({ name: 'a.b', sample: { it: 'mine' } });
    await client.eventTypes.update({ name: 'c.d', description: 'Mine.' });
    // How data is checked is not part of what a document says.
    await client.eventTypes.update({ name: 'e.f', dataCheck: 'refuse' });
    await client.eventTypes.update({ name: 'c.d', dataCheck: 'refuse' });
    const text = shop({ 'a.b': 'integer', 'e.f': 'integer', 'own.event': 'integer' });
    const { changed, removed } = await client.eventTypes.import({ text });
    expect(changed.map(({ name, isEdited, isChosen }) => [name, isEdited, isChosen])).toEqual([
      ['a.b', true, false],
      ['e.f', false, true],
      ['own.event', true, false],
    ]);
    expect(removed).toEqual([{ name: 'c.d', title: 'A string', isEdited: true, isChosen: false }]);
    expect((await client.eventTypes.get({ name: 'a.b' })).sample).toEqual({ it: 'mine' });
    expect(await client.eventTypes.get({ name: 'e.f' })).toMatchObject({ title: 'A integer', dataCheck: 'refuse' });
    await client.eventTypes.import({ text, only: ['a.b', 'c.d', 'own.event'] });
    expect(await catalogue(client)).toEqual(['a.b', 'e.f', 'own.event']);
    expect((await client.eventTypes.get({ name: 'own.event' })).source).toBe('Shop');
  });

  it('tells how far it is, and then the result', async () => {
    const { client } = await startClockedEngine();
    const phases: string[] = [];
    for await (const event of await client.eventTypes.importInSteps({
      text: shop(Object.fromEntries(Array.from({ length: 45 }, (_, index) => [`a.n${index}`, 'string']))),
    }))
      phases.push(event.kind === 'progress' ? event.phase : `result of ${event.result.added.length}`);
    expect([...new Set(phases)]).toEqual(['reading', 'finding', 'writing', 'result of 45']);
  });

  it('of 5 MB with 261 webhooks goes on beside other calls, and its schemas and samples are listed in pages', async () => {
    const { client } = await startClockedEngine();
    let isDone = false;
    const importing = client.eventTypes.import({ text: largeOpenApi() }).then((result) => {
      isDone = true;
      return result;
    });
    for (let call = 0; call < 20; call += 1) await client.eventTypes.summaries({});
    expect(isDone).toBe(false);
    const { added, leftOut } = await importing;
    expect([added.length, leftOut, added.flatMap(({ notes }) => notes)]).toEqual([261, [], []]);
    const pages: number[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await client.eventTypes.list({ limit: 200, ...(cursor === undefined ? {} : { cursor }) });
      pages.push(page.items.length);
      cursor = page.next;
    }
    expect([pages.length > 2, pages.reduce((sum, count) => sum + count, 0)]).toEqual([true, 261]);
  });

  it('that takes too long says how far it came', async () => {
    const background = createBackground({ threadCode: backgroundThread, limitMs: 50 });
    onTestFinished(background.close);
    // It fails before it needs anything else.
    const { run } = createImporter({ background } as unknown as Parameters<typeof createImporter>[0]);
    const files = [{ name: 'shop.json', text: largeOpenApi() }];
    const ended = async () => {
      for await (const event of run({ files, dryRun: true })) expect(event.kind).toBe('progress');
    };
    await expect(ended()).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringMatching(
        /^The document takes more than 20 seconds to read: import it in parts\. It came as far as the (file shop\.json|event type \S+): look there first\.$/,
      ),
    });
  });

  it('ends when its caller goes, and writes nothing', async () => {
    const { client } = await startClockedEngine();
    const stop = new AbortController();
    const text = shop({ 'a.b': 'string' });
    const asked = client.eventTypes.import({ text }, { signal: stop.signal });
    stop.abort();
    await expect(asked).rejects.toThrow();
    expect(await catalogue(client)).toEqual([]);
    expect((await client.eventTypes.import({ text })).added).toHaveLength(1);
  });

  it.each<readonly [string, Parameters<EngineClient['eventTypes']['import']>[0], string, string]>([
    ['neither text nor files', {}, 'text', 'Give the document as text'],
    ['both', { text: '{}', files: [{ name: 'a', text: '{}' }] }, 'text', 'one of the two'],
    [
      'nothing to import',
      { text: 'openapi: 3.0.0' },
      'text',
      'There is no event type to import. The text cannot be imported, because it describes no webhooks: it has none under',
    ],
    [
      'what is too large',
      { files: [1, 2, 3].map((number) => ({ name: `${number}.json`, text: ' '.repeat(6_000_000) })) },
      'files',
      '16 million characters',
    ],
  ])('refuses %s', async (_what, input, path, why) => {
    const { client } = await startClockedEngine();
    await expect(client.eventTypes.import(input)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      data: { issues: [{ path, message: expect.stringContaining(why) }] },
    });
  });
});

describe('an imported event type', () => {
  it('checks data on send: off, with a warning, or by refusing it', async () => {
    const { client } = await startClockedEngine();
    await client.eventTypes.import({ text: shop({ 'a.b': 'integer' }) });
    const send = () => client.messages.send({ type: 'a.b', data: { it: 'x' } });
    const codes = async () => (await send()).warnings.map(({ code }) => code);
    expect(await codes()).toContain('SCHEMA_BROKEN');
    await client.eventTypes.update({ name: 'a.b', dataCheck: 'off' });
    expect(await codes()).not.toContain('SCHEMA_BROKEN');
    await client.eventTypes.update({ name: 'a.b', dataCheck: 'refuse' });
    const before = (await client.messages.withoutDelivery({})).total;
    await expect(send()).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: 'The data breaks the schema of a.b, which refuses it: it is a string, where an integer is expected.',
      data: { issues: [{ path: 'data.it', message: 'is a string, where an integer is expected' }] },
    });
    expect((await client.messages.withoutDelivery({})).total).toBe(before);
    expect((await client.messages.send({ type: 'a.b', data: { it: 5 } })).warnings.map(({ code }) => code)).not.toContain('SCHEMA_BROKEN');
  });

  it('is sent as a test with a sample by its name', async () => {
    const { client } = await startClockedEngine();
    await client.eventTypes.create({
      name: 'a.b',
      samples: [
        { name: 'one', data: { n: 1 } },
        { name: 'two', dataText: '{"n":2.0}' },
      ],
    });
    const { id } = await client.endpoints.create({ name: 'E', url: 'http://127.0.0.1:9/', events: ['a.b'] });
    const { id: message } = await client.endpoints.test({ id, sample: 'two' });
    expect((await client.messages.get({ id: message })).dataText).toBe('{"n":2.0}');
    await expect(client.endpoints.test({ id, sample: 'three' })).rejects.toThrow(
      'The catalogue has no sample three of a.b; it has: one, two.',
    );
  });

  it('has samples that are changed alone or together', async () => {
    const { client } = await startClockedEngine();
    await client.eventTypes.create({
      name: 'a.b',
      samples: [
        { name: 'one', data: 1 },
        { name: 'two', data: 2 },
      ],
    });
    expect(await client.eventTypes.update({ name: 'a.b', sample: 5 })).toMatchObject({
      sample: 5,
      samples: [
        { name: 'one', data: 5 },
        { name: 'two', data: 2 },
      ],
    });
    expect(await client.eventTypes.update({ name: 'a.b', samples: [{ name: 'three', dataText: '1.10' }] })).toMatchObject({
      sampleText: '1.10',
      samples: [{ name: 'three', dataText: '1.10' }],
    });
    await expect(client.eventTypes.update({ name: 'a.b', samples: [{ name: 'x' }, { name: 'x' }] })).rejects.toThrow('a name of its own');
    await expect(client.eventTypes.update({ name: 'a.b', sample: 1, samples: [{ name: 'x' }] })).rejects.toThrow(
      'either sample or samples',
    );
  });
});
