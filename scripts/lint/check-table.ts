import { tableOwners } from './tables.ts';

const engine = 'src/main/engine/';
const migrations = `${engine}store/migrations/`;

/** A table that a piece of code names, and what for. */
export interface TableUse {
  readonly table: string;
  readonly isWritten: boolean;
}

/** SQL keywords before the name of a table; they are written in capitals, which tells SQL from sentences. */
const naming = /\b(INSERT(?: OR \w+)? INTO|REPLACE INTO|UPDATE(?: OR \w+)?|DELETE FROM|FROM|JOIN)\s+(\w+)/g;

/** Tables that a text of SQL names, with what it does to them. */
export function tablesIn(sql: string): readonly TableUse[] {
  return [...sql.matchAll(naming)].map(([, keyword = '', table = '']) => ({ table, isWritten: keyword !== 'FROM' && keyword !== 'JOIN' }));
}

/** Methods of the query builder whose first argument is a table. */
const builderMethods: Readonly<Record<string, 'read' | 'write'>> = {
  selectFrom: 'read',
  innerJoin: 'read',
  leftJoin: 'read',
  insertInto: 'write',
  updateTable: 'write',
  deleteFrom: 'write',
};

/** The table that a call of the query builder names, such as `selectFrom('deliveries as d')`; null for any other call. */
export function tableOfCall(method: string, argument: unknown): TableUse | null {
  const use = Object.hasOwn(builderMethods, method) ? builderMethods[method] : undefined;
  const table = typeof argument === 'string' ? /^\w+/.exec(argument)?.[0] : undefined;
  return use === undefined || table === undefined ? null : { table, isWritten: use === 'write' };
}

/** Whether a piece of SQL ends before the name of a table, which is then computed. */
export function endsBeforeTable(sql: string): boolean {
  return /\b(INTO|UPDATE|FROM|JOIN)\s+$/.test(sql);
}

/** Why a file may not name a table so, as one sentence that says what to change; null when it may. */
export function refuseTable(from: string, { table, isWritten }: TableUse): string | null {
  const known = Object.hasOwn(tableOwners, table) ? tableOwners[table] : undefined;
  if (known === undefined || from.startsWith(migrations)) return null;
  const folder = from.startsWith(engine) ? (from.slice(engine.length).split('/')[0] ?? '') : '';
  if (folder === known.owner || (!isWritten && known.readers?.includes(folder) === true)) return null;
  const what = isWritten ? 'written' : 'read';
  return `The table ${table} may not be ${what} here: call a function of ${engine}${known.owner}/, whose table it is (scripts/lint/tables.ts).`;
}

/** Tables that a migration makes and that nobody owns. What is made under a number gets its name later. */
export function ownerless(from: string, sql: string): readonly string[] {
  if (!from.startsWith(migrations)) return [];
  return [...sql.matchAll(/\bCREATE TABLE (?:IF NOT EXISTS )?(\w+)/g)]
    .map(([, table = '']) => table)
    .filter((table) => !/_\d+$/.test(table) && !Object.hasOwn(tableOwners, table));
}
