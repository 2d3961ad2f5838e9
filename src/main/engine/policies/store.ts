import { sql as rawSql } from 'kysely';
import { retryPolicy, type RetryPolicy } from '#shared/contract/retry.ts';
import { readJson } from '../store/damage.ts';
import type { Database, Writer } from '../store/database.ts';
import { containing } from '../store/page.ts';
import type { PolicyRow } from '../store/schema.ts';

/** A named policy as it is stored; `isDeleted` ones stay for deliveries that still refer to them. */
export interface StoredPolicy {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly policy: RetryPolicy;
  readonly isDeleted: boolean;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

function fromRow(row: Omit<PolicyRow, 'seq'>): StoredPolicy {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    policy: retryPolicy.parse(readJson(row.policy_json, { table: 'policies', column: 'policy_json', row: row.id })),
    isDeleted: row.deleted_at_ms !== null,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  };
}

/** Every policy there ever was. */
export function allPolicies(database: Database): readonly StoredPolicy[] {
  return database.all(database.sql.selectFrom('policies').selectAll().orderBy('seq')).map(fromRow);
}

/** Policies that were not removed, newest first, before `beforeSeq`. */
export function listPolicies(
  database: Database,
  query: { readonly beforeSeq: number; readonly limit: number; readonly q: string | undefined },
): readonly { readonly seq: number; readonly policy: StoredPolicy }[] {
  let select = database.sql.selectFrom('policies').selectAll().where('deleted_at_ms', 'is', null).where('seq', '<', query.beforeSeq);
  if (query.q !== undefined) {
    const pattern = containing(query.q);
    select = select.where(rawSql<boolean>`(name LIKE ${pattern} ESCAPE '\\' OR description LIKE ${pattern} ESCAPE '\\')`);
  }
  return database.all(select.orderBy('seq', 'desc').limit(query.limit)).map((row) => ({ seq: row.seq, policy: fromRow(row) }));
}

/** Adds a policy; returns false when another has its name. */
export function insertPolicy(database: Database, writer: Writer, policy: StoredPolicy): boolean {
  return (
    writer.run(
      database.sql
        .insertInto('policies')
        .values({
          id: policy.id,
          name: policy.name,
          description: policy.description,
          policy_json: JSON.stringify(policy.policy),
          created_at_ms: policy.createdAtMs,
          updated_at_ms: policy.updatedAtMs,
          deleted_at_ms: null,
        })
        .onConflict((conflict) => conflict.doNothing()),
    ) === 1
  );
}

/** Replaces the changeable columns of a policy; returns false when another has its name. */
export function updatePolicy(database: Database, writer: Writer, policy: StoredPolicy): boolean {
  const isTaken = writer.first(
    database.sql
      .selectFrom('policies')
      .select('id')
      .where('id', '<>', policy.id)
      .where('deleted_at_ms', 'is', null)
      .where(rawSql<boolean>`name = ${policy.name} COLLATE NOCASE`),
  );
  if (isTaken !== undefined) return false;
  const { name, description } = policy;
  const change = { name, description, policy_json: JSON.stringify(policy.policy), updated_at_ms: policy.updatedAtMs };
  writer.run(database.sql.updateTable('policies').set(change).where('id', '=', policy.id));
  return true;
}

/** Marks a policy removed. */
export function deletePolicy(database: Database, writer: Writer, id: string, nowMs: number): void {
  writer.run(database.sql.updateTable('policies').set({ deleted_at_ms: nowMs }).where('id', '=', id));
}
