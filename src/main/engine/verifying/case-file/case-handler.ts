import type { Signing } from '#shared/contract/signing.ts';
import type { Clock } from '../../ports.ts';
import type { Procedures } from '../../procedures.ts';
import { invalid } from '../../refusal.ts';
import { parseOptions } from '../../signing/registry.ts';
import type { RequestSource } from '../request-source.ts';
import { judgeRecognised, type UnnamedInput } from '../verify-recognised.ts';
import { makeCaseFile } from './case-file.ts';

interface CaseDeps {
  readonly clock: Clock;
  /** Secrets of an endpoint or bin by its id, in clear; refuses with NOT_FOUND. */
  readonly secretsOf: (id: string) => Promise<readonly string[]>;
  readonly requestOf: RequestSource;
}

/** The `verifying.case` procedure: verifies as `verifying.verify` does, and answers a file that holds no secret. */
export function createCaseHandler(os: Procedures, deps: CaseDeps) {
  return os.verifying.case.handler(async ({ input }) => {
    const { atMs, ...request } = deps.requestOf(input);
    const ownSecrets = input.secretsOf === undefined ? [] : await deps.secretsOf(input.secretsOf);
    const madeAtMs = deps.clock.now();
    const unnamed = { ...request, secrets: [...input.secrets, ...ownSecrets], nowMs: input.nowMs ?? atMs ?? madeAtMs };
    const options = input.scheme === 'auto' ? recognisedOptions(unnamed, input.options) : parseOptions(input.scheme, input.options);
    return makeCaseFile(
      { request: { ...unnamed, options }, includeHeaders: input.includeHeaders, search: input.search ?? null, madeAtMs },
      input.format,
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
