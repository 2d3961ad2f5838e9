import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { startClockedEngine } from '../../support/clocked-engine.ts';

describe('the catalogue', () => {
  it('lists by name over pages, and finds by name and description', async () => {
    const { client } = await startClockedEngine();
    for (const name of ['c.c', 'a.a', 'b.b']) await client.eventTypes.create({ name, description: `About ${name}` });
    const first = await client.eventTypes.list({ limit: 2 });
    expect([first.items.map((each) => each.name), first.next]).toEqual([['a.a', 'b.b'], 'event-types.b.b']);
    expect((await client.eventTypes.list({ limit: 2, cursor: first.next ?? '' })).items.map((each) => each.name)).toEqual(['c.c']);
    expect((await client.eventTypes.list({ q: 'about B' })).items.map((each) => each.name)).toEqual(['b.b']);
    expect((await client.eventTypes.list({ q: '%' })).items).toEqual([]);
    expect(await client.eventTypes.get({ name: 'b.b' })).toMatchObject({ name: 'b.b', description: 'About b.b' });
  });

  it('refuses a name that is taken, also when both come at once', async () => {
    const { client } = await startClockedEngine();
    const results = await Promise.allSettled([client.eventTypes.create({ name: 'a.b' }), client.eventTypes.create({ name: 'a.b' })]);
    expect(results.map((each) => each.status)).toEqual(['fulfilled', 'rejected']);
    await expect(client.eventTypes.create({ name: 'a.b' })).rejects.toMatchObject({
      code: 'CONFLICT',
      data: { issues: [{ path: 'name', message: expect.stringContaining('already') }] },
    });
  });

  it('keeps both of two changes at once, leaves what is absent, and takes null as a sample', async () => {
    const { client } = await startClockedEngine();
    await client.eventTypes.create({ name: 'a.b', sample: { n: 1 }, schema: { type: 'object' } });
    await Promise.all([
      client.eventTypes.update({ name: 'a.b', description: 'D' }),
      client.eventTypes.update({ name: 'a.b', sample: null }),
    ]);
    expect((await client.eventTypes.list({})).items).toMatchObject([{ description: 'D', sample: null, schema: { type: 'object' } }]);
    expect(await client.eventTypes.update({ name: 'a.b', schema: null })).toMatchObject({ schema: null, description: 'D' });
  });

  it('keeps samples to the character, large ones too, whatever else is changed', async () => {
    const { client } = await startClockedEngine();
    const large = `[${'1.10,'.repeat(20_000)}{"]":"}\\"[","name":",\\"data\\":"}]`;
    const samples = [
      { name: 'a "quoted" ] one', dataText: '{"id":9007199254740993,"a":1,"a":[2]}' },
      { name: 'large', dataText: large },
      { name: 'plain', data: { a: ['}'] } },
    ];
    await client.eventTypes.create({ name: 'a.b', samples });
    await client.eventTypes.update({ name: 'a.b', title: 'T' });
    const read = await client.eventTypes.get({ name: 'a.b' });
    expect(read.samples.map(({ name, dataText, data }) => [name, dataText ?? JSON.stringify(data)])).toEqual([
      ['a "quoted" ] one', samples[0]?.dataText],
      ['large', large],
      ['plain', '{"a":["}"]}'],
    ]);
    expect(read.sampleText).toBe(samples[0]?.dataText);
    expect((await client.eventTypes.summaries({})).items).toMatchObject([{ name: 'a.b', title: 'T', samples: 3, hasSchema: false }]);
  });

  it('reads samples by their lengths, and those of a row without them, or with others, by looking where each ends', async () => {
    const { client, stop, dataDir } = await startClockedEngine();
    const samples = ['{"a":"é\u{1f600}"}', '[1.10]', '{"]":"}"}'].map((dataText, index) => ({ name: `n ${index}`, dataText }));
    await client.eventTypes.create({ name: 'a.b', samples });
    await stop();
    const textsWith = async (lengths: string | null) => {
      const sqlite = new BetterSqlite3(join(dataDir, 'hookyard.db'));
      const before = sqlite.prepare('SELECT sample_lengths_json FROM event_type_contents').pluck().get();
      sqlite.prepare('UPDATE event_type_contents SET sample_lengths_json = coalesce(?, sample_lengths_json)').run(lengths);
      if (lengths === null) sqlite.exec('UPDATE event_type_contents SET sample_lengths_json = NULL');
      sqlite.close();
      const engine = await startClockedEngine({ dataDir });
      const read = await engine.client.eventTypes.get({ name: 'a.b' });
      await engine.stop();
      return { before, texts: read.samples.map(({ data, dataText }) => dataText ?? JSON.stringify(data)) };
    };
    const texts = samples.map(({ dataText }) => dataText);
    const lengths = JSON.stringify(texts.map((text) => `{"name":"n 0","data":${text}}`.length));
    expect(await textsWith('[1,2,3]')).toEqual({ before: lengths, texts });
    expect(await textsWith(null)).toEqual({ before: '[1,2,3]', texts });
  });

  it('refuses a change of an older version, and says what differs in it', async () => {
    const { client } = await startClockedEngine();
    const { updatedAtMs } = await client.eventTypes.create({ name: 'a.b', sample: { n: 1 } });
    await client.eventTypes.update({ name: 'a.b', sample: { n: 2 }, schema: { type: 'object' } });
    const change = { name: 'a.b', ifUpdatedAtMs: updatedAtMs, title: '', sample: { n: 3 }, schema: { type: 'object' } };
    await expect(client.eventTypes.update(change)).rejects.toMatchObject({
      code: 'CONFLICT',
      data: { issues: [{ path: 'ifUpdatedAtMs' }, { path: 'sample', message: 'It is {"n":2} now.' }] },
    });
    expect(await client.eventTypes.get({ name: 'a.b' })).toMatchObject({ sample: { n: 2 } });
  });

  it('knows what it does not have', async () => {
    const { client } = await startClockedEngine();
    for (const call of [
      client.eventTypes.get({ name: 'no.one' }),
      client.eventTypes.update({ name: 'no.one', description: '' }),
      client.eventTypes.remove({ name: 'no.one' }),
    ])
      await expect(call).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it.each(['', 'a b', '.a', 'a.', 'a..b', 'ä.b', 'a.*', '*'])('refuses %j for a name', async (name) => {
    const { client } = await startClockedEngine();
    await expect(client.eventTypes.create({ name })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      data: { issues: [{ path: 'name', message: expect.stringContaining('invoice.paid') }] },
    });
  });
});
