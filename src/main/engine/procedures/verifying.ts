import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { messageId } from '#shared/contract/message-answer.ts';
import { optionsSchemaOf } from '#shared/contract/signing.ts';
import type { SchemeInfo } from '#shared/contract/verifying.ts';
import type { Procedures } from '../base/procedures.ts';
import { bytesOf } from '../base/given-bytes.ts';
import { invalid } from '../base/refusal.ts';
import { base64ForAnswer } from '../base/deferred-text.ts';
import { parseOptions, schemes } from '../signing/registry.ts';
import type { Scheme } from '../signing/scheme.ts';
import type { Signer } from '../signing/signer.ts';
import type { Solver } from '../verifying/solver/solver.ts';
import { problemOf, type VaultSecrets } from '../verifying/solver/solve-request.ts';
import { createCaseHandler, type CaseDeps } from './case.ts';
import { searchWithoutHidden, withoutHidden } from '../verifying/hidden-secrets.ts';
import { asOwners, completeQuestion, cutAnswer, ownersPart } from '../verifying/question.ts';
import type { Verifier } from '../signing/verifier.ts';

export interface VerifyingDeps extends CaseDeps {
  readonly verifier: Pick<Verifier, 'named' | 'unnamed'>;
  readonly sign: Signer;
  /** Secrets of endpoints and bins with their names, those from before a rotation included; refuses with NOT_FOUND. */
  readonly vaultSecrets: VaultSecrets;
  readonly solver: Solver;
}

/** The `verifying` part of the router: list schemes, verify a request, search for the cause of a mismatch, sign a body. */
export function createVerifyingHandlers(os: Procedures, deps: VerifyingDeps) {
  return {
    schemes: os.verifying.schemes.handler(() => ({ items: schemes.map(infoOf), next: null })),
    verify: os.verifying.verify.handler(async ({ input: asked }) => {
      const question = await completeQuestion(deps, asked);
      const { input, signing, owner, hidden } = question;
      if (question.isCut) return { ...cutAnswer(question), ...(owner === null ? {} : ownersPart(owner)) };
      if (signing === null) return withoutHidden(await deps.verifier.unnamed(input, asked.options), hidden);
      const verdict = withoutHidden(await deps.verifier.named({ ...input, options: signing }), hidden);
      return owner === null ? verdict : { ...verdict, ...ownersPart(owner) };
    }),
    // A refusal before the first event still gets its own HTTP status.
    solve: os.verifying.solve.handler(async ({ input, signal }) => {
      const { atMs, owner, isCut: _isCut, hidden, ...request } = deps.requestOf(input);
      const problem = await problemOf(asOwners(input, owner), request, deps.vaultSecrets, input.nowMs ?? atMs ?? deps.clock.now());
      const events = deps.solver.solve(problem, { maxMs: input.maxMs, signal });
      return hidden.length === 0 ? events : searchWithoutHidden(events, hidden);
    }),
    case: createCaseHandler(os, deps),
    sign: os.verifying.sign.handler(async ({ input }) => {
      const options = parseOptions(input.scheme, input.options);
      const { headers, signed, body, url } = await deps.sign({
        options,
        secrets: input.secrets,
        id: usableId(input.id),
        nowMs: input.nowMs ?? deps.clock.now(),
        method: input.request.method ?? '',
        url: input.request.url ?? '',
        body: bytesOf(input.request.bodyBase64),
      });
      return {
        scheme: options.scheme,
        headers: [...headers],
        signedBase64: base64ForAnswer(signed.bytes),
        parts: [...signed.parts],
        bodyBase64: body === undefined ? null : base64ForAnswer(body),
        url: url ?? null,
      };
    }),
  };
}

/** The given message id, or a new one; refuses ids that a header or a signed string cannot carry. */
function usableId(id: string | undefined): string {
  if (id === undefined) return `msg_${randomUUID().replaceAll('-', '')}`;
  const parsed = messageId.safeParse(id);
  if (parsed.success) return parsed.data;
  throw invalid('id', parsed.error.issues.map((issue) => issue.message).join(' '));
}

function infoOf(scheme: Scheme): SchemeInfo {
  return { id: scheme.id, ...scheme.info, options: z.toJSONSchema(optionsSchemaOf(scheme.id), { io: 'input' }) };
}
