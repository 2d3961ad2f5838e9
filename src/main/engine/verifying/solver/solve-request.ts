import { solverBodyLimitBytes, solverHeaderLimitCharacters } from '#shared/contract/solving.ts';
import { invalid, Refusal } from '../../base/refusal.ts';
import { parseOptions } from '../../signing/registry.ts';
import type { SolverProblem } from './problem.ts';
import type { SolverSecret } from './secret/secret-variants.ts';

/** Secrets of endpoints and bins, in clear and with the name of their owner, or of all; refuses unknown ids with NOT_FOUND. */
export type VaultSecrets = (ids: readonly string[] | 'all') => Promise<readonly VaultSecret[]>;

export interface VaultSecret {
  readonly ownerId: string;
  /** Such as `the endpoint Billing`. */
  readonly label: string;
  readonly text: string;
  readonly isPrevious: boolean;
  /** Whether it no longer signs, and so is not among the current secrets of its owner. */
  readonly isExpired: boolean;
}

/** The scheme and secrets for a search. */
export interface SolveInput {
  /** A scheme's id, or `auto`. */
  readonly scheme: string;
  readonly options?: Readonly<Record<string, unknown>> | undefined;
  readonly secrets: readonly string[];
  readonly secretsOf: readonly string[];
  readonly allSecrets: boolean;
}

/** The problem that a call describes. Refuses bodies and headers that are too large to search. */
export async function problemOf(
  input: SolveInput,
  request: SolverProblem['request'],
  vault: VaultSecrets,
  nowMs: number,
): Promise<SolverProblem> {
  refuseLarge(request);
  const isAuto = input.scheme === 'auto';
  return {
    options: isAuto ? null : parseOptions(input.scheme, input.options),
    ...(isAuto && input.options !== undefined ? { autoOptions: input.options } : {}),
    request,
    secrets: await secretsFor(input, vault),
    nowMs,
  };
}

function refuseLarge({ body, headers }: SolverProblem['request']): void {
  const bodyBytes = body.byteLength;
  if (bodyBytes > solverBodyLimitBytes) {
    const message = `The body has ${bodyBytes} bytes, but the search for a cause takes ${solverBodyLimitBytes}: search with a smaller request of the same sender.`;
    throw new Refusal('BODY_TOO_LARGE', message, { bodyBytes, limitBytes: solverBodyLimitBytes });
  }
  const characters = headers.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (characters > solverHeaderLimitCharacters)
    throw invalid(
      'request.headers',
      `Give fewer headers: these have ${characters} characters, and a search takes ${solverHeaderLimitCharacters}.`,
    );
}

/** The receiver's secrets: the given ones, otherwise those of the first chosen endpoint, otherwise all. */
async function secretsFor(input: SolveInput, vault: VaultSecrets): Promise<readonly SolverSecret[]> {
  const { secrets, secretsOf, allSecrets } = input;
  const chosen = secretsOf.length === 0 ? [] : await vault(secretsOf);
  const others = allSecrets ? (await vault('all')).filter(({ ownerId }) => !secretsOf.includes(ownerId)) : [];
  const own = secrets.length > 0 ? null : (secretsOf[0] ?? null);
  const given = secrets.map((text, index): SolverSecret => ({
    text,
    label: secrets.length === 1 ? 'the secret given' : `secret ${index + 1} of ${secrets.length}`,
    origin: 'given',
    isPrevious: false,
    source: { kind: 'given', index },
  }));
  const isOther = (ownerId: string) => (own === null ? given.length > 0 : ownerId !== own);
  const stored = [...chosen, ...others].map(({ ownerId, label, text, isPrevious, isExpired }): SolverSecret => ({
    text,
    label,
    origin: isOther(ownerId) ? 'other' : 'given',
    isPrevious,
    source: { kind: 'owner', id: ownerId, isExpired },
  }));
  return [...given, ...stored];
}
