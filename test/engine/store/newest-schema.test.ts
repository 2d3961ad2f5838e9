import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import { migrations } from '#engine/store/migrations/index.ts';
import { openStore } from '#engine/store/open.ts';
import { createTempFolder } from '../../support/temp-workspace.ts';

const module = join(import.meta.dirname, '../../../src/main/engine/store/migrations/newest-schema.ts');

interface SchemaEntry {
  readonly type: 'table' | 'index' | 'trigger' | 'view';
  readonly name: string;
  readonly sql: string;
}

/** A file that every migration was run on, one after the other. */
function migrated(): BetterSqlite3.Database {
  const sqlite = open(join(createTempFolder(), 'migrated.db'));
  for (const { sql } of migrations) sqlite.exec(sql);
  return sqlite;
}

/** A file as a first start makes it. */
async function made(): Promise<BetterSqlite3.Database> {
  const folder = createTempFolder();
  await openStore(folder).database.close();
  return open(join(folder, 'hookyard.db'));
}

function open(file: string): BetterSqlite3.Database {
  const sqlite = new BetterSqlite3(file);
  onTestFinished(() => {
    sqlite.close();
  });
  return sqlite;
}

/** Tables, indexes and triggers with the text that made them, in the order in which they were made. */
function entriesOf(sqlite: BetterSqlite3.Database): readonly SchemaEntry[] {
  const all = sqlite.prepare('SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid').all() as SchemaEntry[];
  return all.filter(({ name }) => !name.startsWith('sqlite_'));
}

/** The rows of every table that has some, as statements. */
function rowsOf(sqlite: BetterSqlite3.Database): readonly string[] {
  const tables = entriesOf(sqlite).filter(({ type }) => type === 'table');
  return tables.flatMap(({ name }) => {
    const rows = sqlite.prepare(`SELECT * FROM "${name}"`).raw().all() as readonly (string | number | null)[][];
    return rows.map((row) => `INSERT INTO ${name} VALUES (${row.map(literal).join(', ')})`);
  });
}

function literal(value: string | number | null): string {
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);
}

function moduleOf(sqlite: BetterSqlite3.Database): string {
  const entries = entriesOf(sqlite);
  const textsOf = (...types: readonly string[]) => entries.filter(({ type }) => types.includes(type)).map(({ sql }) => sql);
  // Rows before the triggers, which would act on them.
  const statements = [...textsOf('table', 'index'), ...rowsOf(sqlite), ...textsOf('view', 'trigger')];
  const sql = statements.join(';\n').replaceAll(/[\\`]|\$\{/g, '\\$&');
  return `import type { Migration } from './index.ts';

/**
 * What all migrations leave in an empty file, in one step: a new file is made by it. Written by its test, which runs the
 * migrations: \`npx vitest run test/engine/store/newest-schema.test.ts -u\`.
 */
export const newestSchema: Migration = {
  version: ${migrations.at(-1)?.version},
  sql: \`
${sql};
\`,
};
`;
}

it('is what the migrations come to', async () => {
  await expect(moduleOf(migrated())).toMatchFileSnapshot(module);
});

it('makes a file that is the same as one that went through every migration', async () => {
  const [fresh, old] = [await made(), migrated()];
  const sorted = (sqlite: BetterSqlite3.Database) => entriesOf(sqlite).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  expect(sorted(fresh)).toEqual(sorted(old));
  expect(rowsOf(fresh)).toEqual(rowsOf(old));
  expect(fresh.pragma('user_version', { simple: true })).toBe(migrations.at(-1)?.version);
});
