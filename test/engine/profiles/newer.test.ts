import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, beforeAll, expect, it } from 'vitest';
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

let profiles = 0;
const older = { timeoutMs: 1000, successRule: '200', headers: { 'X-Version': '1' }, template: '{"version":1}' };
const newer = { ...older, timeoutMs: 2000, headers: { 'X-Version': '2' }, template: '{"version":2}' };

/** An endpoint made with a profile that was changed afterwards. */
async function outdated(edits: object = {}) {
  const profile = await engine.client.profiles.create({ name: `System ${++profiles}`, fields: older });
  const { id } = await engine.client.endpoints.create({ profile: profile.id, url });
  await engine.client.endpoints.update({ id, ...edits });
  await engine.client.profiles.update({ id: profile.id, fields: newer });
  return { id, profileId: profile.id };
}

it('shows what a newer profile would change, and changes nothing by itself', async () => {
  const { id, profileId } = await outdated({ timeoutMs: 3000 });
  const endpoint = await engine.client.endpoints.get({ id });
  expect(endpoint).toMatchObject({ ...older, timeoutMs: 3000, changedInProfile: ['headers', 'template', 'timeoutMs'] });
  const { profile, items } = await engine.client.endpoints.profileChanges({ id });
  expect(profile).toBe(profileId);
  expect(items).toEqual([
    { field: 'headers', was: older.headers, now: newer.headers, own: older.headers },
    { field: 'template', was: older.template, now: newer.template, own: older.template },
    { field: 'timeoutMs', was: 1000, now: 2000, own: 3000 },
  ]);
});

it('takes some fields and keeps others, which it offers again only when the profile changes once more', async () => {
  const { id, profileId } = await outdated({ timeoutMs: 3000 });
  const settled = await engine.client.endpoints.settleProfileChanges({ id, take: ['headers'], keep: ['timeoutMs'] });
  expect(settled).toMatchObject({ headers: newer.headers, template: older.template, timeoutMs: 3000, changedInProfile: ['template'] });
  await engine.client.profiles.update({ id: profileId, fields: { ...newer, timeoutMs: 2500 } });
  expect((await engine.client.endpoints.profileChanges({ id })).items).toMatchObject([
    { field: 'template' },
    { field: 'timeoutMs', was: 2000, now: 2500, own: 3000 },
  ]);
});

it('keeps the former template as a version where the new one is taken', async () => {
  const { id } = await outdated();
  await engine.client.endpoints.settleProfileChanges({ id, take: ['template'] });
  expect((await engine.client.endpoints.templateVersions({ id })).items).toMatchObject([{ number: 2, cause: 'profile' }, { number: 1 }]);
});

it('does not offer what the endpoint has already, now or later', async () => {
  const { id } = await outdated({ timeoutMs: 2000, headers: newer.headers, template: newer.template });
  expect((await engine.client.endpoints.get({ id })).changedInProfile).toEqual([]);
  expect((await engine.client.endpoints.update({ id, timeoutMs: 4000 })).changedInProfile).toEqual([]);
});

it('has nothing newer once the endpoint is filled from the profile again, or has none', async () => {
  const { id, profileId } = await outdated();
  expect(await engine.client.endpoints.update({ id, profile: profileId })).toMatchObject({ ...newer, changedInProfile: [] });
  const other = await outdated();
  expect((await engine.client.endpoints.update({ id: other.id, profile: null })).changedInProfile).toEqual([]);
  expect(await engine.client.endpoints.profileChanges({ id: other.id })).toEqual({ profile: null, items: [] });
});

it('compares the headers of an endpoint that does not sign with those that the profile has for one', async () => {
  const fields = { signing: { scheme: 'github-sha256' as const }, headers: { 'X-A': '1' } };
  const profile = await engine.client.profiles.create({ name: 'Signing', fields, unsignedHeaders: { 'X-Unsigned': '1' } });
  const { id } = await engine.client.endpoints.create({ profile: profile.id, url, signing: null });
  expect((await engine.client.endpoints.get({ id })).changedInProfile).toEqual([]);
  await engine.client.endpoints.update({ id, signing: { scheme: 'github-sha256' }, secret: 'secret-of-sixteen' });
  expect((await engine.client.endpoints.get({ id })).changedInProfile).toEqual([]);
});

it('leaves the retry policy of a plan alone', async () => {
  const policy = (delayMs: number) => ({ kind: 'schedule' as const, delaysMs: [delayMs] });
  const plans = [{ name: 'Pro', policy: policy(5000) }];
  const profile = await engine.client.profiles.create({ name: 'Planned', fields: { retryPolicy: policy(1000) }, plans });
  const { id } = await engine.client.endpoints.create({ profile: profile.id, url, plan: 'Pro' });
  await engine.client.profiles.update({ id: profile.id, fields: { retryPolicy: policy(2000) } });
  expect((await engine.client.endpoints.get({ id })).changedInProfile).toEqual([]);
});

it('refuses fields that are not newer, and those that are both taken and kept', async () => {
  const { id } = await outdated();
  await expect(engine.client.endpoints.settleProfileChanges({ id, take: ['successRule'] })).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    data: { issues: [{ path: 'take.0', message: expect.stringMatching(/nothing new about successRule: name one of headers/) as string }] },
  });
  await expect(engine.client.endpoints.settleProfileChanges({ id, take: ['headers'], keep: ['headers'] })).rejects.toMatchObject({
    data: { issues: [{ path: 'keep.0' }] },
  });
});

it('remembers over a restart, and takes what the profile says when first loaded for an endpoint from before', async () => {
  const dataDir = createTempFolder();
  const first = await openClockedEngine({ dataDir });
  const profile = await first.client.profiles.create({ name: 'System', fields: older });
  const kept = await first.client.endpoints.create({ profile: profile.id, url });
  const forgotten = await first.client.endpoints.create({ profile: profile.id, url });
  await first.client.profiles.update({ id: profile.id, fields: newer });
  await first.stop();
  const file = new BetterSqlite3(join(dataDir, 'hookyard.db'));
  file.prepare('UPDATE endpoints SET profile_base_json = NULL WHERE id = ?').run(forgotten.id);
  file.close();
  const { client } = await startClockedEngine({ dataDir });
  expect((await client.endpoints.get({ id: kept.id })).changedInProfile).toEqual(['headers', 'template', 'timeoutMs']);
  expect((await client.endpoints.get({ id: forgotten.id })).changedInProfile).toEqual([]);
  await client.profiles.update({ id: profile.id, fields: { ...newer, successRule: '2xx' } });
  expect((await client.endpoints.get({ id: forgotten.id })).changedInProfile).toEqual(['successRule']);
});
