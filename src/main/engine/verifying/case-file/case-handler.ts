import type { Signing } from '#shared/contract/signing.ts';
import type { Procedures } from '../../procedures.ts';
import { invalid } from '../../refusal.ts';
import { completeQuestion, type QuestionDeps } from '../question.ts';
import { judgeRecognised, type UnnamedInput } from '../verify-recognised.ts';
import { makeCaseFile } from './case-file.ts';

/** The `verifying.case` procedure: verifies as `verifying.verify` does, and answers a file that holds no secret. */
export function createCaseHandler(os: Procedures, deps: QuestionDeps) {
  return os.verifying.case.handler(async ({ input: asked }) => {
    const { input, signing, isCut } = await completeQuestion(deps, asked);
    if (isCut)
      throw invalid('captureId', 'The body of this capture was cut off, so that a case file would prove nothing: have it sent again.');
    const options = signing ?? recognisedOptions(input, asked.options);
    return makeCaseFile(
      { request: { ...input, options }, includeHeaders: asked.includeHeaders, search: asked.search ?? null, madeAtMs: deps.clock.now() },
      asked.format,
    );
  });
}

/** Options of the scheme that counted for the verdict; refuses a request that shows none that can be checked. */
function recognisedOptions(unnamed: UnnamedInput, options: Readonly<Record<string, unknown>> = {}): Signing {
  const { signing } = judgeRecognised(unnamed, options);
  if (signing === null)
    throw invalid('scheme', 'Name the scheme: the request shows none that can be checked, and a case file is of one scheme.');
  return signing;
}
