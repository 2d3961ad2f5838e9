import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keptCharacters, keptVersions } from '#engine/template-versions/store.ts';
import { openClockedEngine, startClockedEngine, type ClockedEngine } from '../../support/clocked-engine.ts';
import { createTempFolder } from '../../support/temp-workspace.ts';

const url = 'http://127.0.0.1:9/hook';
const folder = mkdtempSync(join(tmpdir(), 'hookyard-'));
let engine: ClockedEngine;

beforeAll(async () => {
  engine = await openClockedEngine({ dataDir: folder });
});
afterAll(async () => {
  await engine.stop();
  rmSync(folder, { recursive: true, force: true });
});

const text = (word: string) => `{"is":"${word}"}`;
const made = (template: string | null) => engine.client.endpoints.create({ name: 'Receiver', url, template });
const headsOf = async (id: string) =>
  (await engine.client.endpoints.templateVersions({ id })).items.map(({ number, isCurrent, cause, restoredFrom }) => ({
    number,
    isCurrent,
    cause,
    restoredFrom,
  }));

describe('versions of the template of an endpoint', () => {
  it('begin with the one that it was created with, and count each that differs', async () => {
    const { id } = await made(text('one'));
    engine.clock.advance(1000);
    await engine.client.endpoints.update({ id, template: text('two') });
    await engine.client.endpoints.update({ id, template: text('two'), name: 'Renamed' });
    await engine.client.endpoints.update({ id, template: null });
    const { items } = await engine.client.endpoints.templateVersions({ id });
    expect(items).toMatchObject([
      { number: 3, isCurrent: true, cause: 'edited', characters: null, madeBy: 'tester' },
      { number: 2, isCurrent: false, cause: 'edited', characters: text('two').length },
      { number: 1, isCurrent: false, cause: 'created', characters: text('one').length, madeBy: 'tester' },
    ]);
    expect((items[1]?.madeAtMs ?? 0) - (items[2]?.madeAtMs ?? 0)).toBe(1000);
    expect(await engine.client.endpoints.templateVersion({ id, number: 1 })).toMatchObject({ number: 1, template: text('one') });
    expect(await engine.client.endpoints.templateVersion({ id, number: 3 })).toMatchObject({ template: null });
  });

  it('are restored as a new version, which restoring the one before takes back', async () => {
    const { id } = await made(text('one'));
    await engine.client.endpoints.update({ id, template: text('two') });
    const restored = await engine.client.endpoints.restoreTemplate({ id, number: 1 });
    expect(restored.template).toBe(text('one'));
    expect(await headsOf(id)).toMatchObject([
      { number: 3, cause: 'restored', restoredFrom: 1, isCurrent: true },
      { number: 2 },
      { number: 1 },
    ]);
    await engine.client.endpoints.restoreTemplate({ id, number: 2 });
    expect((await engine.client.endpoints.get({ id })).template).toBe(text('two'));
    // The one that is in use already is no change.
    await engine.client.endpoints.restoreTemplate({ id, number: 4 });
    expect(await headsOf(id)).toHaveLength(4);
  });

  it('are not restored over a change that the caller has not seen', async () => {
    const { id, updatedAtMs } = await made(text('one'));
    await engine.client.endpoints.update({ id, template: text('two') });
    await expect(engine.client.endpoints.restoreTemplate({ id, number: 1, ifUpdatedAtMs: updatedAtMs })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    expect((await engine.client.endpoints.get({ id })).template).toBe(text('two'));
  });

  it('are not restored where they would make no body of the content type any more', async () => {
    const { id } = await engine.client.endpoints.create({ name: 'Text', url, contentType: 'text/plain', template: 'plain text' });
    await engine.client.endpoints.update({ id, contentType: 'application/json', template: null });
    await expect(engine.client.endpoints.restoreTemplate({ id, number: 1 })).rejects.toMatchObject({ code: 'TEMPLATE_INVALID' });
    expect((await engine.client.endpoints.get({ id })).template).toBeNull();
    expect(await engine.client.endpoints.templateVersion({ id, number: 1 })).toMatchObject({ template: 'plain text' });
  });

  it('say that they came from a profile where one was chosen', async () => {
    const { id } = await made(text('own'));
    await engine.client.endpoints.update({ id, profile: 'stripe' });
    expect((await headsOf(id))[0]).toMatchObject({ number: 2, cause: 'profile' });
  });

  it('go beyond the newest fifty, the oldest first', async () => {
    const { id } = await made(text('0'));
    for (let index = 1; index <= keptVersions + 4; index++) await engine.client.endpoints.update({ id, template: text(String(index)) });
    const heads = await headsOf(id);
    expect(heads).toHaveLength(keptVersions);
    expect(heads.at(-1)?.number).toBe(6);
    await expect(engine.client.endpoints.restoreTemplate({ id, number: 5 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('go beyond the characters that are kept, but for the newest', async () => {
    const long = (word: string) => JSON.stringify(word + 'x'.repeat(900_000));
    const { id } = await made(long('0'));
    for (let index = 1; index <= 5; index++) await engine.client.endpoints.update({ id, template: long(String(index)) });
    const { items } = await engine.client.endpoints.templateVersions({ id });
    expect(items.map(({ number }) => number)).toEqual([6, 5, 4, 3]);
    expect(items.reduce((sum, { characters }) => sum + (characters ?? 0), 0)).toBeLessThanOrEqual(keptCharacters);
  });

  it('go with their endpoint, and there are none of one that never was', async () => {
    const { id } = await made(text('gone'));
    await engine.client.endpoints.remove({ id });
    await expect(engine.client.endpoints.templateVersions({ id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const file = new BetterSqlite3(join(folder, 'hookyard.db'), { readonly: true });
    expect(file.prepare('SELECT count(*) AS count FROM template_versions WHERE owner_id = ?').get(id)).toEqual({ count: 0 });
    file.close();
  });
});

describe('an endpoint from before versions were kept', () => {
  it('has its template as the only version, which stays as the first when it is changed', async () => {
    const dataDir = createTempFolder();
    const first = await openClockedEngine({ dataDir });
    const { id } = await first.client.endpoints.create({ name: 'Old', url, template: text('old') });
    await first.stop();
    const file = new BetterSqlite3(join(dataDir, 'hookyard.db'));
    file.exec('DELETE FROM template_versions');
    file.close();
    const { client } = await startClockedEngine({ dataDir });
    expect((await client.endpoints.templateVersions({ id })).items).toMatchObject([
      { number: 1, cause: 'kept', madeBy: null, isCurrent: true },
    ]);
    expect(await client.endpoints.templateVersion({ id, number: 1 })).toMatchObject({ template: text('old') });
    await client.endpoints.update({ id, template: text('new') });
    expect((await client.endpoints.templateVersions({ id })).items).toMatchObject([
      { number: 2, cause: 'edited' },
      { number: 1, cause: 'kept' },
    ]);
    expect((await client.endpoints.restoreTemplate({ id, number: 1 })).template).toBe(text('old'));
  });
});

describe('versions of the template of a profile', () => {
  it('are kept, shown and restored for a saved one', async () => {
    const { id } = await engine.client.profiles.create({ name: 'Ours', fields: { template: text('one'), timeoutMs: 700 } });
    await engine.client.profiles.update({ id, fields: { template: text('two'), timeoutMs: 700 } });
    await engine.client.profiles.update({ id, summary: 'The same template.' });
    expect((await engine.client.profiles.templateVersions({ id })).items).toMatchObject([
      { number: 2, cause: 'edited', isCurrent: true },
      { number: 1, cause: 'created' },
    ]);
    expect(await engine.client.profiles.restoreTemplate({ id, number: 1 })).toMatchObject({
      fields: { template: text('one'), timeoutMs: 700 },
      summary: 'The same template.',
    });
    expect(await engine.client.profiles.templateVersion({ id, number: 3 })).toMatchObject({ cause: 'restored', restoredFrom: 1 });
  });

  it('are none of a built-in one, which nobody changes', async () => {
    expect(await engine.client.profiles.templateVersions({ id: 'stripe' })).toEqual({ items: [] });
    await expect(engine.client.profiles.restoreTemplate({ id: 'stripe', number: 1 })).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});
