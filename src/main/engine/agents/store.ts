import type { AgentCall } from '#shared/contract/agents.ts';
import type { Database, Writer } from '../store/database.ts';

/** As many calls are kept. */
const callsKept = 10_000;

/** Adds a call, and drops what is beyond the number kept. */
export function insertCall(writer: Pick<Writer, 'runRaw'>, call: AgentCall): void {
  writer.runRaw(
    `INSERT INTO agent_calls (id, actor, tool, arguments, is_error, message, made_json, started_at_ms, took_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      call.id,
      call.actor,
      call.tool,
      call.arguments,
      Number(call.isError),
      call.message,
      JSON.stringify(call.made),
      call.startedAtMs,
      call.tookMs,
    ],
  );
  writer.runRaw('DELETE FROM agent_calls WHERE seq <= (SELECT max(seq) FROM agent_calls) - ?', [callsKept]);
}

/** Calls before a number, newest first. */
export function listCalls(
  database: Pick<Database, 'raw'>,
  page: { readonly beforeSeq: number; readonly limit: number },
): readonly (AgentCall & { readonly seq: number })[] {
  const rows = database.raw<Omit<AgentCall, 'isError' | 'made'> & { seq: number; isError: number; madeJson: string }>(
    `SELECT seq, id, actor, tool, arguments, is_error AS isError, message, made_json AS madeJson, started_at_ms AS startedAtMs, took_ms AS tookMs
     FROM agent_calls WHERE seq < ? ORDER BY seq DESC LIMIT ?`,
    [page.beforeSeq, page.limit],
  );
  return rows.map(({ madeJson, isError, ...row }) => ({ ...row, isError: isError === 1, made: JSON.parse(madeJson) as string[] }));
}
