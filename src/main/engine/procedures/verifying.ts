import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { HeaderField } from '#shared/contract/common.ts';
import { messageId } from '#shared/contract/message-answer.ts';
import { optionsSchemaOf } from '#shared/contract/signing.ts';
import type { RequestChoice } from '#shared/contract/request-choice.ts';
import type { SchemeInfo, VerifyAnswer } from '#shared/contract/verifying.ts';
import type { Procedures } from '../base/procedures.ts';
import { bytesOf } from '../base/given-bytes.ts';
import { invalid } from '../base/refusal.ts';
import { base64ForAnswer } from '../base/deferred-text.ts';
import { parseOptions, schemeOf, schemes } from '../signing/registry.ts';
import type { Scheme } from '../signing/scheme.ts';
import type { Signer } from '../signing/signer.ts';
import type { Solver } from '../verifying/solver/solver.ts';
import { problemOf, type VaultSecrets } from '../verifying/solver/solve-request.ts';
import { createCaseHandler, type CaseDeps } from './case.ts';
import { searchWithoutHidden, withoutHidden } from '../verifying/hidden-secrets.ts';
import type { ReceivedChoice, SentInstead } from '../comparing/sent-body.ts';
import { asOwners, completeQuestion, cutAnswer, judgedWithout, ownersPart, type QuestionInput } from '../verifying/question.ts';
import { isSmall, type Verifier } from '../signing/verifier.ts';

export interface VerifyingDeps extends CaseDeps {
  readonly verifier: Pick<Verifier, 'named' | 'unnamed'>;
  readonly sign: Signer;
  /** Secrets of endpoints and bins with their names, those from before a rotation included; refuses with NOT_FOUND. */
  readonly vaultSecrets: VaultSecrets;
  readonly solver: Solver;
  /** The body as one of our attempts sent it, where another one was received. */
  readonly sentInstead: (received: ReceivedChoice) => Promise<SentInstead | null>;
}

/** The `verifying` part of the router: list schemes, verify a request, search for the cause of a mismatch, sign a body. */
export function createVerifyingHandlers(os: Procedures, deps: VerifyingDeps) {
  return {
    schemes: os.verifying.schemes.handler(() => ({ items: schemes.map(infoOf), next: null })),
    verify: os.verifying.verify.handler(async ({ input: asked }) => {
      const question = await completeQuestion(deps, asked);
      const { input, signing, owner, hidden } = question;
      if (question.isCut) return { ...cutAnswer(question), ...(owner === null ? {} : ownersPart(owner)) };
      const judge = async (body: Uint8Array): Promise<VerifyAnswer> =>
        signing === null
          ? await deps.verifier.unnamed({ ...input, body }, asked.options)
          : await deps.verifier.named({ ...input, body, options: signing });
      // Verifying gives the memory of a large body away; that of a capture is read again where it is asked for.
      const received = asked.captureId !== undefined || isSmall(input) ? input : { ...input, body: input.body.slice() };
      const verdict = await judge(input.body);
      const transit = verdict.reason === 'signature_mismatch' ? await transitOf(deps, asked, received, judge) : null;
      return {
        ...withoutHidden(judgedWithout(verdict, question.bodyGap), hidden),
        ...(owner === null || signing === null ? {} : ownersPart(owner)),
        ...(transit === null ? {} : { transit }),
      };
    }),
    // A refusal before the first event still gets its own HTTP status.
    solve: os.verifying.solve.handler(async ({ input, signal }) => {
      const { atMs, owner, isCut: _isCut, bodyGap: _bodyGap, hidden, ...request } = deps.requestOf(input);
      const problem = await problemOf(asOwners(input, owner), request, deps.vaultSecrets, input.nowMs ?? atMs ?? deps.clock.now());
      const sent = await sentTo(deps, input, { headers: request.headers, body: request.body });
      const events = deps.solver.solve(sent === null ? problem : { ...problem, sent }, { maxMs: input.maxMs, signal });
      return hidden.length === 0 ? events : searchWithoutHidden(events, hidden);
    }),
    case: createCaseHandler(os, deps),
    sign: os.verifying.sign.handler(async ({ input }) => {
      const options = parseOptions(input.scheme, input.options);
      const lent = input.secretsOf === undefined ? [] : await deps.secretsOf(input.secretsOf);
      const secrets = [...input.secrets, ...lent];
      // An endpoint may have an old secret beside its new one; of those that a call gives, none is left out without a word.
      if (input.secrets.length > 1 && !schemeOf(options.scheme).info.allowsSeveralSecrets)
        throw invalid('secrets', `Give one secret: a request of ${options.scheme} has room for one signature.`);
      if (secrets.length === 0) throw invalid('secrets', 'Give a secret, or secretsOf: the endpoint, bin or authentication that has one.');
      const { headers, signed, body, url } = await deps.sign({
        options,
        secrets,
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

/** What was sent in place of what was received; null for an attempt of ours, which is what was sent. */
async function sentTo(
  { sentInstead, clock }: Pick<VerifyingDeps, 'sentInstead' | 'clock'>,
  { captureId, request }: RequestChoice,
  received: Pick<Extract<ReceivedChoice, { readonly body: Uint8Array }>, 'headers' | 'body'>,
): Promise<SentInstead | null> {
  if (captureId !== undefined) return await sentInstead({ captureId });
  return request === undefined ? null : await sentInstead({ ...received, receivedAtMs: clock.now() });
}

/** Whether the signature does not match because the body was changed on its way: it has to match over the body that was sent. */
async function transitOf(
  deps: Pick<VerifyingDeps, 'sentInstead' | 'clock'>,
  asked: QuestionInput,
  { headers, body }: { readonly headers: readonly HeaderField[]; readonly body: Uint8Array },
  judge: (body: Uint8Array) => Promise<VerifyAnswer>,
): Promise<VerifyAnswer['transit'] | null> {
  // A change is somebody's own, which was never sent.
  if (asked.change?.body !== undefined) return null;
  const sent = await sentTo(deps, asked, { headers, body });
  if (sent === null) return null;
  const { matchedSignature } = await judge(sent.body);
  const isProven = matchedSignature !== null;
  const what = `Hookyard sent another body than the one received here: on its way ${sent.changed}.`;
  const proof = isProven
    ? 'Over the body that was sent the signature matches, so this is the cause.'
    : 'Over the body that was sent the signature does not match either, so this is not the only cause.';
  return { sentence: `${what} ${proof}`, isProven, attemptId: sent.attemptId, deliveryId: sent.deliveryId };
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
