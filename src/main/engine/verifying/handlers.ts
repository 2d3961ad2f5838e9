import { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { messageId } from '#shared/contract/message-answer.ts';
import { optionsSchemaOf } from '#shared/contract/signing.ts';
import type { SchemeInfo } from '#shared/contract/verifying.ts';
import type { Clock } from '../ports.ts';
import type { Procedures } from '../procedures.ts';
import { invalid } from '../refusal.ts';
import { encodeBytes } from '../signing/encoding.ts';
import { parseOptions, schemeOf, schemes } from '../signing/registry.ts';
import type { Scheme } from '../signing/scheme.ts';
import type { Solver } from './solver/solver.ts';
import { problemOf, type VaultSecrets } from './solver/solve-request.ts';
import { createCaseHandler } from './case-file/case-handler.ts';
import type { RequestSource } from './request-source.ts';
import type { Verifier } from './verifier.ts';

/** What stands in place of a scheme's id to have it recognised. */
const autoScheme = 'auto';

export interface VerifyingDeps {
  readonly clock: Clock;
  readonly verifier: Pick<Verifier, 'named' | 'unnamed'>;
  /** Secrets of an endpoint or bin by its id, in clear; refuses with NOT_FOUND. */
  readonly secretsOf: (id: string) => Promise<readonly string[]>;
  readonly requestOf: RequestSource;
  /** Secrets of endpoints and bins with their names, those from before a rotation included; refuses with NOT_FOUND. */
  readonly vaultSecrets: VaultSecrets;
  readonly solver: Solver;
}

/** The `verifying` part of the router: list schemes, verify a request, search for the cause of a mismatch, sign a body. */
export function createVerifyingHandlers(os: Procedures, deps: VerifyingDeps) {
  return {
    schemes: os.verifying.schemes.handler(() => ({ items: schemes.map(infoOf), next: null })),
    verify: os.verifying.verify.handler(async ({ input }) => {
      const options = input.scheme === autoScheme ? null : parseOptions(input.scheme, input.options);
      const { atMs, ...request } = deps.requestOf(input);
      const ownSecrets = input.secretsOf === undefined ? [] : await deps.secretsOf(input.secretsOf);
      const unnamed = { ...request, secrets: [...input.secrets, ...ownSecrets], nowMs: input.nowMs ?? atMs ?? deps.clock.now() };
      return options === null ? deps.verifier.unnamed(unnamed, input.options) : deps.verifier.named({ ...unnamed, options });
    }),
    // A refusal comes before the first event, and so with its own status.
    solve: os.verifying.solve.handler(async ({ input, signal }) => {
      const { atMs, ...request } = deps.requestOf(input);
      const problem = await problemOf(input, request, deps.vaultSecrets, input.nowMs ?? atMs ?? deps.clock.now());
      return deps.solver.solve(problem, { maxMs: input.maxMs, signal });
    }),
    case: createCaseHandler(os, deps),
    sign: os.verifying.sign.handler(({ input }) => {
      const options = parseOptions(input.scheme, input.options);
      const { headers, signed, body, url } = schemeOf(options.scheme).sign({
        options,
        secrets: input.secrets,
        id: usableId(input.id),
        nowMs: input.nowMs ?? deps.clock.now(),
        method: input.request.method ?? '',
        url: input.request.url ?? '',
        body: Buffer.from(input.request.bodyBase64, 'base64'),
      });
      return {
        scheme: options.scheme,
        headers: [...headers],
        signedBase64: encodeBytes(signed.bytes, 'base64'),
        parts: [...signed.parts],
        bodyBase64: body === undefined ? null : encodeBytes(body, 'base64'),
        url: url ?? null,
      };
    }),
  };
}

/** The given message id, or a fresh one; refuses what a header or a signed string could not carry. */
function usableId(id: string | undefined): string {
  if (id === undefined) return `msg_${randomUUID().replaceAll('-', '')}`;
  const parsed = messageId.safeParse(id);
  if (parsed.success) return parsed.data;
  throw invalid('id', parsed.error.issues.map((issue) => issue.message).join(' '));
}

function infoOf(scheme: Scheme): SchemeInfo {
  return { id: scheme.id, ...scheme.info, options: z.toJSONSchema(optionsSchemaOf(scheme.id), { io: 'input' }) };
}
