import type { Procedures } from '../base/procedures.ts';
import { invalid } from '../base/refusal.ts';
import { completeQuestion, type QuestionDeps } from '../verifying/question.ts';
import type { Verifier } from '../signing/verifier.ts';

export interface CaseDeps extends QuestionDeps {
  readonly verifier: Pick<Verifier, 'caseFile'>;
}

/** The `verifying.case` procedure: verifies as `verifying.verify` does, and answers a file that holds no secret. */
export function createCaseHandler(os: Procedures, deps: CaseDeps) {
  return os.verifying.case.handler(async ({ input: asked }) => {
    const { input, signing, isCut } = await completeQuestion(deps, asked);
    if (isCut)
      throw invalid('captureId', 'The body of this capture was cut off, so that a case file would prove nothing: have it sent again.');
    return deps.verifier.caseFile({
      input,
      signing,
      options: asked.options ?? {},
      format: asked.format,
      includeHeaders: asked.includeHeaders,
      search: asked.search ?? null,
      madeAtMs: deps.clock.now(),
    });
  });
}
