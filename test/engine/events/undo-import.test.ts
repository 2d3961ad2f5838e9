import { expect, it } from 'vitest';
import { startClockedEngine } from '../../support/clocked-engine.ts';

function shop(events: Readonly<Record<string, string>>) {
  const webhooks = Object.fromEntries(
    Object.entries(events).map(([name, type]) => [
      name,
      {
        post: {
          summary: type,
          requestBody: { content: { 'application/json': { schema: { type: 'object', properties: { it: { type } } } } } },
        },
      },
    ]),
  );
  return JSON.stringify({ openapi: '3.1.0', info: { title: 'Shop', version: '1' }, webhooks });
}

it('is undone as a whole: what it added goes, and what it changed or removed is as it was', async () => {
  const { client } = await startClockedEngine();
  await client.eventTypes.import({ text: shop({ 'a.same': 'string', 'b.changed': 'string', 'c.gone': 'string' }) });
  const everything = async () => {
    const { items } = await client.eventTypes.list({});
    return items.map(({ updatedAtMs: _, ...eventType }) => eventType);
  };
  const before = await everything();
  const { undoId } = await client.eventTypes.import({ text: shop({ 'a.same': 'string', 'b.changed': 'integer', 'd.new': 'string' }) });
  expect(await everything()).not.toEqual(before);
  expect(await client.eventTypes.undoImport({ undoId: undoId ?? '' })).toEqual({
    removed: ['d.new'],
    restored: ['b.changed', 'c.gone'],
    left: [],
  });
  expect(await everything()).toEqual(before);
  // Data is checked by the schema from before, and the type that came back is known again.
  const { warnings } = await client.messages.send({ type: 'b.changed', data: { it: 1 } });
  expect(warnings.map(({ code }) => code)).toContain('SCHEMA_BROKEN');
  await expect(client.eventTypes.undoImport({ undoId: undoId ?? '' })).rejects.toMatchObject({ code: 'CONFLICT' });
});

it('leaves alone what was changed, deleted or added anew since, and names it', async () => {
  const { client } = await startClockedEngine();
  await client.eventTypes.import({ text: shop({ 'b.changed': 'string', 'c.gone': 'string' }) });
  const { undoId } = await client.eventTypes.import({ text: shop({ 'b.changed': 'integer', 'd.new': 'string', 'e.new': 'string' }) });
  await client.eventTypes.update({ name: 'b.changed', title: 'Mine' });
  await client.eventTypes.update({ name: 'd.new', title: 'Mine too' });
  await client.eventTypes.create({ name: 'c.gone', title: 'Back by hand' });
  expect(await client.eventTypes.undoImport({ undoId: undoId ?? '' })).toEqual({
    removed: ['e.new'],
    restored: [],
    left: ['d.new', 'b.changed', 'c.gone'],
  });
  expect(await client.eventTypes.get({ name: 'b.changed' })).toMatchObject({ title: 'Mine' });
  expect(await client.eventTypes.get({ name: 'c.gone' })).toMatchObject({ title: 'Back by hand' });
});

it('can be undone until there is another one, and nothing is offered where nothing was written', async () => {
  const { client } = await startClockedEngine();
  const first = await client.eventTypes.import({ text: shop({ 'a.one': 'string' }) });
  expect((await client.eventTypes.import({ text: shop({ 'a.one': 'string' }) })).undoId).toBeNull();
  await expect(client.eventTypes.undoImport({ undoId: first.undoId ?? '' })).rejects.toThrow('can no longer be undone');
});
