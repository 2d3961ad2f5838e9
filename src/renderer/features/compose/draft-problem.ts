import { dataText, type ComposeState } from './compose-state.ts';
import { noTarget } from './draft.ts';
import { bytesOfExact } from './exact-body.ts';
import { readHeaderLines } from './header-lines.ts';
import { dataProblem, type PlacedProblem } from './placed-problem.ts';

/** What keeps the draft from being sent: data that is not JSON, a body that gives no bytes, or no target; null for nothing. */
export function draftProblem(state: ComposeState): PlacedProblem | null {
  const { attached } = state;
  if (attached !== null && attached.body === null)
    return { where: 'files', message: attached.problem ?? 'The files are still being read.' };
  const { body } = state.draft;
  const read = body === null ? null : bytesOfExact(body);
  if (read !== null && !read.ok) return { where: 'body', message: read.message };
  const lines = state.draft.head === null ? null : readHeaderLines(state.draft.head.headers);
  if (lines !== null && !lines.ok) return { where: 'headers', message: lines.message };
  if (state.target === noTarget) return { where: 'request', message: 'Choose an endpoint to send this to.', issues: [] };
  return attached === null ? dataProblem(dataText(state)) : null;
}
