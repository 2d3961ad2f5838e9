import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { expect, it } from 'vitest';
import { startClockedEngine } from '../../support/clocked-engine.ts';
import { createTempFolder } from '../../support/temp-workspace.ts';

it('a change writes no id again, for which SQLite would go over every row that refers to it', async () => {
  const dataDir = createTempFolder();
  const { client } = await startClockedEngine({ dataDir, capturePort: 0 });
  const bin = await client.bins.create({ name: 'Shop' });
  const endpoint = await client.endpoints.create({ name: 'Billing', url: 'http://127.0.0.1:9/' });
  const relay = await client.relays.create({ name: 'On', binId: bin.id, targets: [{ url: 'http://127.0.0.1:9/' }] });
  const source = await client.sources.create({ binId: bin.id, url: 'http://127.0.0.1:9/channel', isActive: false });
  const profile = await client.profiles.create({ copyOf: 'stripe', name: 'Own' });

  const watched = new BetterSqlite3(join(dataDir, 'hookyard.db'));
  for (const table of ['bins', 'endpoints', 'relays', 'sources', 'profiles'])
    watched.exec(
      `CREATE TRIGGER watch_${table} AFTER UPDATE OF id ON ${table} BEGIN SELECT RAISE(ABORT, 'an id of ${table} was written'); END`,
    );
  watched.close();

  const name = 'Renamed';
  const changed = await Promise.all([
    client.bins.update({ id: bin.id, name }),
    client.endpoints.update({ id: endpoint.id, name }),
    client.relays.update({ id: relay.id, name }),
    client.sources.update({ id: source.id, name }),
    client.profiles.update({ id: profile.id, name }),
  ]);
  expect(changed.map((each) => each.name)).toEqual([name, name, name, name, name]);
});
