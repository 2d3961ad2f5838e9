import type { Procedures } from '../base/procedures.ts';
import { invalid } from '../base/refusal.ts';
import { base64ForAnswer } from '../base/deferred-text.ts';
import { textsOf } from '../request/url-secrets.ts';
import { completeQuestion, type QuestionDeps } from '../verifying/question.ts';
import type { CaseMaker } from '../verifying/case-file/case-maker.ts';

export interface CaseDeps extends QuestionDeps {
  readonly makeCase: CaseMaker;
}

/** The `verifying.case` procedure: verifies as `verifying.verify` does, and returns a file that holds no secret. */
export function createCaseHandler(os: Procedures, deps: CaseDeps) {
  return os.verifying.case.handler(async ({ input: asked }) => {
    const { input, signing, isCut, bodyGap, hidden } = await completeQuestion(deps, asked);
    if (isCut) throw invalid('captureId', 'The body of this capture was cut off, so a case file would prove nothing: have it sent again.');
    if (bodyGap !== null)
      throw invalid('request.bodyGap', `The body ${bodyGap}, so a case file would prove nothing: give the body as it came.`);
    const { filename, contentType, content } = await deps.makeCase({
      input,
      signing,
      options: asked.options ?? {},
      format: asked.format,
      includeHeaders: asked.includeHeaders,
      search: asked.search ?? null,
      hiddenTexts: textsOf(hidden),
      madeAtMs: deps.clock.now(),
    });
    return { filename, contentType, contentBase64: base64ForAnswer(content) };
  });
}
