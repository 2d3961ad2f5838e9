import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startClockedEngine } from '../../support/clocked-engine.ts';

const secret = 'tok-a-very-secret-value';

describe('an environment', () => {
  it('is kept over a restart, and never shows a secret, nor keeps one in clear', async () => {
    const first = await startClockedEngine();
    const made = await first.client.environments.create({
      name: ' staging ',
      variables: [
        { name: 'host', value: '127.0.0.1' },
        { name: 'token', value: secret, isSecret: true },
      ],
    });
    expect(made).toMatchObject({
      id: expect.stringMatching(/^env_/),
      name: 'staging',
      isActive: false,
      variables: [
        { name: 'host', value: '127.0.0.1', isSecret: false },
        { name: 'token', value: null, isSecret: true },
      ],
    });
    await first.stop();
    expect(readFileSync(join(first.dataDir, 'hookyard.db')).includes(secret)).toBe(false);
    const second = await startClockedEngine({ dataDir: first.dataDir });
    expect(await second.client.environments.get({ id: made.id })).toEqual(made);
    expect(await second.client.environments.list({})).toEqual({ items: [made], next: null });
  });

  it('is listed newest first, page by page, and found by name', async () => {
    const { client } = await startClockedEngine();
    for (const name of ['One', 'Two', 'Three']) await client.environments.create({ name });
    const page = await client.environments.list({ limit: 2 });
    expect(page.items.map(({ name }) => name)).toEqual(['Three', 'Two']);
    expect((await client.environments.list({ cursor: page.next ?? '' })).items.map(({ name }) => name)).toEqual(['One']);
    expect((await client.environments.list({ q: 'tw' })).items.map(({ name }) => name)).toEqual(['Two']);
  });

  it('has a name of its own, letter case aside, and each variable once', async () => {
    const { client } = await startClockedEngine();
    await client.environments.create({ name: 'dev' });
    const taken = { code: 'CONFLICT', data: { issues: [{ path: 'name' }] } };
    await expect(client.environments.create({ name: 'DEV' })).rejects.toMatchObject(taken);
    const other = await client.environments.create({ name: 'other' });
    await expect(client.environments.update({ id: other.id, name: 'Dev' })).rejects.toMatchObject(taken);
    const twice = [
      { name: 'a', value: '1' },
      { name: 'a', value: '2' },
    ];
    await expect(client.environments.create({ name: 'third', variables: twice })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      data: { issues: [{ path: 'variables.1.name', message: 'a is there twice: remove one of them.' }] },
    });
  });

  it('keeps values that are left out, takes new ones, and drops variables that are not named', async () => {
    const { client } = await startClockedEngine();
    const { id } = await client.environments.create({
      name: 'dev',
      variables: [
        { name: 'a', value: '1' },
        { name: 'b', value: secret, isSecret: true },
        { name: 'c', value: '3' },
      ],
    });
    const changed = await client.environments.update({
      id,
      variables: [
        { name: 'b', isSecret: true },
        { name: 'a', value: '10' },
      ],
    });
    expect(changed.variables).toEqual([
      { name: 'b', value: null, isSecret: true },
      { name: 'a', value: '10', isSecret: false },
    ]);
  });

  it.each([
    ['a new variable without a value', { name: 'new' }, 'Give new a value: there is none yet that could be kept.'],
    ['a secret that would be shown', { name: 'key' }, 'Type the value of key again: a secret is never shown, so it cannot become plain.'],
    ['a short value that is to be a secret', { name: 'short', isSecret: true }, 'A secret has at least 4 characters'],
  ])('refuses %s', async (_what, variable, sentence) => {
    const { client } = await startClockedEngine();
    const { id } = await client.environments.create({
      name: 'dev',
      variables: [
        { name: 'key', value: secret, isSecret: true },
        { name: 'short', value: 'ab' },
      ],
    });
    await expect(client.environments.update({ id, variables: [variable] })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining(sentence),
      data: { issues: [{ path: 'variables.0.value' }] },
    });
  });

  it.each([
    [{ name: '1st', value: '' }, 'variables.0.name'],
    [{ name: 'a.b', value: '' }, 'variables.0.name'],
    [{ name: 'a', value: 'x'.repeat(8193) }, 'variables.0.value'],
    [{ name: 'a', value: 'abc', isSecret: true }, 'variables.0.value'],
  ])('refuses the variable %#', async (variable, path) => {
    const { client } = await startClockedEngine();
    await expect(client.environments.create({ name: 'dev', variables: [variable] })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      data: { issues: [{ path }] },
    });
  });

  it('refuses more text than a rendering may take along, counting what is kept', async () => {
    const { client } = await startClockedEngine();
    const eight = Array.from({ length: 8 }, (_, index) => ({ name: `v${index}`, value: 'x'.repeat(8000) }));
    const { id } = await client.environments.create({ name: 'dev', variables: eight });
    const more = [...eight.map(({ name }) => ({ name })), { name: 'more', value: 'x'.repeat(2000) }];
    await expect(client.environments.update({ id, variables: more })).rejects.toThrow(/All values together have 66000 characters/);
  });

  it('is copied with its secrets', async () => {
    const { client } = await startClockedEngine();
    const dev = await client.environments.create({
      name: 'dev',
      variables: [
        { name: 'host', value: 'a' },
        { name: 'token', value: secret, isSecret: true },
      ],
    });
    const copy = await client.environments.create({ name: 'staging', copyOf: dev.id, variables: [{ name: 'host', value: 'b' }] });
    expect(copy.variables).toEqual([
      { name: 'token', value: null, isSecret: true },
      { name: 'host', value: 'b', isSecret: false },
    ]);
    await client.system.updateSettings({ activeEnvironmentId: copy.id });
    const shown = await client.preview.render({
      draft: { url: 'http://127.0.0.1:9/{{ vars.host }}', signing: null, headers: { 'X-Token': '{{ vars.token }}' } },
      event: { type: 'a.b' },
    });
    expect(shown).toMatchObject({ url: 'http://127.0.0.1:9/b' });
    expect(shown.headers).toContainEqual(['X-Token', '[secret vars.token]']);
  });

  it('that is active and is deleted is active again when it is restored, with its secrets', async () => {
    const { client, dataDir, stop } = await startClockedEngine();
    const dev = await client.environments.create({ name: 'dev', variables: [{ name: 'token', value: secret, isSecret: true }] });
    expect((await client.system.updateSettings({ activeEnvironmentId: dev.id })).activeEnvironmentId).toBe(dev.id);
    expect(await client.environments.remove({ id: dev.id })).toEqual({ id: dev.id });
    expect((await client.system.getSettings()).activeEnvironmentId).toBeNull();
    expect((await client.environments.list({})).items).toEqual([]);
    await expect(client.system.updateSettings({ activeEnvironmentId: dev.id })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    const restored = await client.environments.restore({ id: dev.id });
    expect(restored).toMatchObject({
      id: dev.id,
      name: 'dev',
      isActive: true,
      variables: [{ name: 'token', value: null, isSecret: true }],
    });
    expect((await client.system.getSettings()).activeEnvironmentId).toBe(dev.id);
    await stop();
    const again = await startClockedEngine({ dataDir });
    expect((await again.client.environments.get({ id: dev.id })).isActive).toBe(true);
  });

  it('cannot be restored after ten minutes, nor while another has its name', async () => {
    const { client, clock } = await startClockedEngine();
    const dev = await client.environments.create({ name: 'dev' });
    await client.environments.remove({ id: dev.id });
    const other = await client.environments.create({ name: 'dev' });
    await expect(client.environments.restore({ id: dev.id })).rejects.toMatchObject({ code: 'CONFLICT' });
    await client.environments.remove({ id: other.id });
    clock.advance(600_000);
    await expect(client.environments.restore({ id: dev.id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
