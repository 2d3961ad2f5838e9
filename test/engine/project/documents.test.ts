import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { parse } from 'yaml';
import { admit, createDirectClient } from '#engine/index.ts';
import { startTestEngine } from '../../support/engine.ts';

async function openWorkspace() {
  const { engine } = await startTestEngine();
  return createDirectClient(engine.router, admit('test'));
}

type Client = Awaited<ReturnType<typeof openWorkspace>>;

/** An OpenAPI document with a webhook for each event type, whose schema has a property of this name. */
function openApi(types: Readonly<Record<string, string>>, name = 'openapi.yaml', title = 'Shop') {
  const webhooks = Object.entries(types).map(([type, property]) => {
    const schema = { type: 'object', required: [property], properties: { [property]: { type: 'number' } } };
    return [type, { post: { summary: `About ${type}`, requestBody: { content: { 'application/json': { schema } } } } }];
  });
  return { name, text: JSON.stringify({ openapi: '3.1.0', info: { title, version: '1' }, webhooks: Object.fromEntries(webhooks) }) };
}

type Document = ReturnType<typeof openApi>;

const shop = openApi({ 'order.paid': 'total', 'order.shipped': 'parcels' });
const project = 'hookyard: 1\n# ours\neventTypesFrom: [openapi.yaml] # of the API\n';

async function writtenOver(client: Client, text: string, documents: readonly Document[]) {
  return await client.project.writeOver({ current: { name: 'hookyard.yaml', text }, documents: [...documents] });
}

/** What the file says, whatever its layout. */
const entriesOf = (text: string) => Object.keys((parse(text) as { readonly eventTypes?: object }).eventTypes ?? {});

/** A file is written, applied to its own and to a new workspace, and written there: the bytes stay. */
async function expectSame(client: Client, text: string, documents: readonly Document[]) {
  const named = [...documents];
  expect(await client.project.apply({ text, documents: named })).toMatchObject({ changes: [] });
  expect((await writtenOver(client, text, named)).text).toBe(text);
  const other = await openWorkspace();
  expect(await other.project.apply({ text, documents: named })).toMatchObject({ isComplete: true });
  expect((await writtenOver(other, text, named)).text).toBe(text);
  return other;
}

describe('a workspace that is written over a file with documents', () => {
  it('keeps their names as they stand, and writes no event type that they bring', async () => {
    const client = await openWorkspace();
    await client.project.apply({ text: project, documents: [shop] });
    await client.endpoints.create({ name: 'Shop', url: 'http://127.0.0.1:9/', signing: null });
    const written = await writtenOver(client, project, [shop]);
    expect(written).toMatchObject({ documents: ['openapi.yaml'], notes: [] });
    expect(written.text).toContain('hookyard: 1\n# ours\neventTypesFrom: [openapi.yaml] # of the API\nendpoints:\n  Shop:\n');
    const other = await expectSame(client, written.text, [shop]);
    expect((await other.eventTypes.list({})).items.map(({ name }) => name)).toEqual(['order.paid', 'order.shipped']);
  });

  it('writes those that were added or changed by hand, whatever of them was changed, and brings them back', async () => {
    const types = { a: 'x', b: 'x', c: 'x', d: 'x', e: 'x', f: 'x', untouched: 'x' };
    const document = openApi(types);
    const client = await openWorkspace();
    await client.project.apply({ text: project, documents: [document] });
    await client.eventTypes.update({ name: 'a', title: 'Ours' });
    await client.eventTypes.update({ name: 'b', description: 'Ours' });
    await client.eventTypes.update({ name: 'c', group: 'ours' });
    await client.eventTypes.update({ name: 'd', samples: [{ name: 'ours', dataText: '{"id":9007199254740993}' }] });
    await client.eventTypes.update({ name: 'e', schema: null });
    // No import says how data is checked.
    await client.eventTypes.update({ name: 'f', dataCheck: 'off' });
    await client.eventTypes.create({ name: 'own', sample: { id: 1 } });
    const written = await writtenOver(client, project, [document]);
    expect(entriesOf(written.text)).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'own']);
    expect(written.notes).toEqual([]);
    const other = await expectSame(client, written.text, [document]);
    const whole = async ({ eventTypes }: Client) =>
      (await eventTypes.list({})).items.map(({ createdAtMs: _made, updatedAtMs: _changed, source: _source, ...each }) => each);
    expect(await whole(other)).toEqual(await whole(client));
    // What is made like the document again needs no entry.
    const [a] = (await client.eventTypes.import({ files: [document], dryRun: true })).changed;
    await client.eventTypes.import({ files: [document], only: [a?.name ?? ''] });
    expect(entriesOf((await writtenOver(client, written.text, [document])).text)).toEqual(['b', 'c', 'd', 'e', 'f', 'own']);
  });

  it('leaves out a document that is missing, with the event types in the file', async () => {
    const client = await openWorkspace();
    const bills = openApi({ 'bill.sent': 'sum' }, 'bills.yaml', 'Bills');
    const two = 'hookyard: 1\neventTypesFrom:\n  - openapi.yaml\n  # of the other team\n  - bills.yaml\n';
    await client.project.apply({ text: two, documents: [shop, bills] });
    expect((await writtenOver(client, two, [shop, bills])).text).toContain(two.slice(two.indexOf('eventTypesFrom')));
    const written = await writtenOver(client, two, [shop]);
    expect(written).toMatchObject({
      documents: ['openapi.yaml', 'bills.yaml'],
      notes: ['bills.yaml is left out of eventTypesFrom, since the text is missing; event types that came from there stand in the file.'],
    });
    expect(parse(written.text)).toMatchObject({ eventTypesFrom: ['openapi.yaml'] });
    expect(entriesOf(written.text)).toEqual(['bill.sent']);
    await expectSame(client, written.text, [shop]);
    const alone = await writtenOver(client, two, []);
    expect(alone.text).not.toContain('eventTypesFrom');
    expect(entriesOf(alone.text)).toEqual(['bill.sent', 'order.paid', 'order.shipped']);
    await expectSame(client, alone.text, []);
  });

  it('leaves out a document that no import takes, and says why', async () => {
    const client = await openWorkspace();
    await client.project.apply({ text: project, documents: [shop] });
    const written = await writtenOver(client, project, [{ name: 'openapi.yaml', text: 'a: [' }]);
    expect(written.notes).toEqual([
      expect.stringMatching(/^openapi\.yaml is left out of eventTypesFrom, and all event types stand in the file: There is no event type/),
    ]);
    expect(entriesOf(written.text)).toEqual(['order.paid', 'order.shipped']);
    await expectSame(client, written.text, []);
    // Beside one that can be read it stays, since applying both works.
    const two = project.replace('openapi.yaml', 'openapi.yaml, old.json');
    const swagger = { name: 'old.json', text: '{"swagger":"2.0"}' };
    const both = await writtenOver(client, two, [shop, swagger]);
    expect(both.notes).toEqual([expect.stringMatching(/^old\.json brings no event type, because it is Swagger 2\.0/)]);
    await expectSame(client, both.text, [shop, swagger]);
  });

  it('leaves what an edited document has otherwise to it, and loses nothing else of the workspace', async () => {
    const client = await openWorkspace();
    await client.project.apply({ text: project, documents: [shop] });
    await client.eventTypes.create({ name: 'own', sample: { id: 1 } });
    const changed = openApi({ 'order.paid': 'amount', 'order.lost': 'parcels' });
    const written = await writtenOver(client, project, [changed]);
    expect(written.notes).toEqual([
      'These event types are left to openapi.yaml, which has them otherwise now than when the workspace took them over: order.paid. Applying the file changes them in the workspace.',
      'These event types stand in the file, since the workspace has them and openapi.yaml no longer does: order.shipped. To have them removed, import the document, and export again.',
      'Applying the file adds these event types of openapi.yaml, which the workspace does not have: order.lost.',
    ]);
    expect(entriesOf(written.text)).toEqual(['order.shipped', 'own']);
    for (const workspace of [await openWorkspace(), client]) {
      expect(await workspace.project.apply({ text: written.text, documents: [changed] })).toMatchObject({ isComplete: true });
      expect((await workspace.eventTypes.get({ name: 'order.paid' })).schema).toMatchObject({ required: ['amount'] });
      expect((await workspace.eventTypes.get({ name: 'order.shipped' })).schema).toMatchObject({ required: ['parcels'] });
      expect(await writtenOver(workspace, written.text, [changed])).toMatchObject({ text: written.text });
    }
  });

  it('says how to be rid of what the document no longer has, and that is so', async () => {
    const client = await openWorkspace();
    await client.project.apply({ text: project, documents: [shop] });
    const changed = openApi({ 'order.paid': 'amount' });
    expect(entriesOf((await writtenOver(client, project, [changed])).text)).toEqual(['order.shipped']);
    await client.eventTypes.import({ files: [changed] });
    expect(await writtenOver(client, project, [changed])).toMatchObject({ text: expect.not.stringContaining('order.'), notes: [] });
  });

  it('writes what the workspace has from another document of the same names, or checks otherwise, and says what counts', async () => {
    const client = await openWorkspace();
    await client.eventTypes.import({ files: [openApi({ 'order.paid': 'theirs' }, 'other.yaml', 'Others')] });
    const written = await writtenOver(client, project, [shop]);
    expect(entriesOf(written.text)).toEqual(['order.paid']);
    expect(written.notes[0]).toBe(
      'These event types stand in the file as the workspace has them, which is not as openapi.yaml has them now: order.paid. What stands there counts before the document: to have them as it says, import it, and export again.',
    );
    await client.eventTypes.import({ files: [shop] });
    expect(await writtenOver(client, project, [shop])).toMatchObject({ text: expect.not.stringContaining('order.'), notes: [] });
    await client.eventTypes.update({ name: 'order.paid', dataCheck: 'off' });
    const changed = openApi({ 'order.paid': 'amount', 'order.shipped': 'parcels' });
    const stale = await writtenOver(client, project, [changed]);
    expect(stale.notes).toEqual(written.notes.slice(0, 1));
    expect(stale.text).toContain('total');
    await client.eventTypes.import({ files: [changed] });
    const fresh = await writtenOver(client, stale.text, [changed]);
    expect(fresh).toMatchObject({ text: expect.stringContaining('amount'), notes: [] });
    expect(parse(fresh.text)).toMatchObject({ eventTypes: { 'order.paid': { dataCheck: 'off' } } });
  });

  it('reads the names from a file that is wrong elsewhere, and writes the list anew where it refers to other parts', async () => {
    const client = await openWorkspace();
    await client.project.apply({ text: project, documents: [shop] });
    const wrong = await writtenOver(client, `${project}endpoints: { Shop: { urll: 1 } }\n`, [shop]);
    expect(wrong.text).toContain('eventTypesFrom: [openapi.yaml] # of the API');
    const alias = 'x: &one openapi.yaml\nhookyard: 1\neventTypesFrom: [*one]\n';
    expect((await writtenOver(client, alias, [shop])).text).toContain('\neventTypesFrom:\n  - openapi.yaml\n');
    expect((await writtenOver(client, 'hookyard: 1\neventTypesFrom: 3\n', [shop])).documents).toEqual([]);
  });

  it('has the same bytes after it was applied elsewhere, whatever was changed by hand', async () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd');
    const types = fc.dictionary(name, fc.constantFrom('x', 'y', '10'), { minKeys: 1, noNullPrototype: true });
    const edit = fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'd', 'own'),
      change: fc.constantFrom<object>(
        { title: 'Ours' },
        { title: '' },
        { group: 'ours' },
        { schema: null },
        { schema: { type: 'object', properties: { '10': {}, '2': { minimum: 1 } } } },
        { dataCheck: 'off' },
        { dataCheck: 'warn' },
        { samples: [{ name: 'one', dataText: '{"a":1.10,"b":[]}' }] },
      ),
    });
    const [client, other] = [await openWorkspace(), await openWorkspace()];
    const emptied = async ({ eventTypes }: Client) => {
      for (const each of (await eventTypes.list({})).items) await eventTypes.remove({ name: each.name });
    };
    await fc.assert(
      fc.asyncProperty(types, types, fc.array(edit, { maxLength: 6 }), fc.boolean(), async (first, later, edits, isChanged) => {
        await emptied(client);
        await emptied(other);
        const at = openApi(first);
        await client.project.apply({ text: project, documents: [at] });
        await client.eventTypes.create({ name: 'own' });
        const known = new Set((await client.eventTypes.list({})).items.map((each) => each.name));
        for (const each of edits) if (known.has(each.name)) await client.eventTypes.update({ name: each.name, ...each.change });
        const now = isChanged ? openApi(later) : at;
        const { text } = await writtenOver(client, project, [now]);
        expect(await other.project.apply({ text, documents: [now] })).toMatchObject({ isComplete: true });
        expect((await writtenOver(other, text, [now])).text).toBe(text);
        // Of what the workspace had, the file lost nothing: what nobody changed is as the document says now, where that has it.
        const left = (await client.eventTypes.import({ files: [now], dryRun: true })).changed.filter(({ isEdited }) => !isEdited);
        const entries = entriesOf(text);
        const document = (await other.eventTypes.import({ files: [now], dryRun: true })).unchanged;
        for (const { name: each, title, group, schema, samples, dataCheck } of (await client.eventTypes.list({})).items)
          if (left.some((type) => type.name === each) && !entries.includes(each)) expect(document).toContain(each);
          else expect(await other.eventTypes.get({ name: each })).toMatchObject({ title, group, schema, samples, dataCheck });
      }),
      { numRuns: 40 },
    );
  }, 60_000);
});
