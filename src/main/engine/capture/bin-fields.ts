import type { BinAnswersInput } from '#shared/contract/bin-answers.ts';
import type { BinResponse } from '#shared/contract/bin-response.ts';
import type { Signing } from '#shared/contract/signing.ts';
import type { Clock, Ids, Log, Vault } from '../base/ports.ts';
import { Refusal } from '../base/refusal.ts';
import { schemeOf } from '../signing/registry.ts';
import type { Writer } from '../store/database.ts';
import type { BinRow } from '../store/schema.ts';
import { sealJson } from '../store/sealed.ts';
import type { Renderer } from '../templates/renderer.ts';
import { assertAnswers, changedAnswers, checkTemplates } from './answering/change.ts';
import { noAnswers, scopeOf, type StoredAnswers } from './answering/config.ts';
import { deletePositions } from './answering/positions.ts';
import type { BinAddress } from './arrival.ts';
import { addressOf, answersOf, responseOf, sealedSecrets, secretsOf, signingJson, signingOf } from './bin-row.ts';

type ResponsePatch = { readonly [Field in keyof BinResponse]?: BinResponse[Field] | undefined };

/** What a bin is made from; omitted fields take the contract's defaults, and the slug comes from the name. */
export interface BinInput {
  readonly name: string;
  readonly slug?: string | undefined;
  readonly response?: ResponsePatch | undefined;
  readonly answers?: BinAnswersInput | undefined;
  readonly signing?: Signing | null | undefined;
  readonly secrets?: readonly string[] | undefined;
  readonly publicUrl?: string | null | undefined;
  readonly trustsProxy?: boolean | undefined;
}

/** What may be changed; omitted fields stay as they are. */
export type BinPatch = { readonly [Field in keyof BinInput]?: BinInput[Field] | undefined };

/** What making the columns of a bin needs. */
export interface BinFieldsDeps {
  readonly vault: Vault;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly renderer: Pick<Renderer, 'check'>;
}

const defaultResponse: BinResponse = { status: 200, headers: {}, body: '', delayMs: 0, fault: null, isTemplate: true };

/** The columns of a new bin. Rejects with a Refusal INPUT_INVALID for what it could not use. */
export async function newFields(deps: BinFieldsDeps, input: BinInput): Promise<Omit<BinRow, 'slug'>> {
  const response = changedResponse(defaultResponse, input.response);
  const signing = input.signing ?? null;
  const secrets = input.secrets ?? [];
  const nowMs = deps.clock.now();
  const answers = changedAnswers(noAnswers, input.answers ?? {}, () => deps.ids.next('rule'));
  checkSecrets(signing, secrets);
  assertAnswers(answers, { response, scheme: signing?.scheme ?? null });
  await checkTemplates(deps.renderer, { response, rules: answers.rules });
  return {
    id: deps.ids.next('bin'),
    name: input.name,
    response_json: JSON.stringify(response),
    verify_token_sealed: null,
    ...answerColumns(deps.vault, answers, input.answers?.verifyToken),
    signing_json: signingJson(signing),
    ...sealedSecrets(deps.vault, secrets),
    config_json: JSON.stringify({ publicUrl: input.publicUrl ?? null, trustsProxy: input.trustsProxy ?? false } satisfies BinAddress),
    created_at_ms: nowMs,
    updated_at_ms: nowMs,
    removed_at_ms: null,
    removed_captures: null,
  };
}

/** The columns of a changed bin. Throws a Refusal INPUT_INVALID for what it could not use; templates are checked before. */
export function changedFields(deps: BinFieldsDeps, before: BinRow, patch: BinPatch): BinRow {
  const signing = patch.signing === undefined ? signingOf(before) : patch.signing;
  if (patch.signing !== undefined || patch.secrets !== undefined)
    checkSecrets(signing, patch.secrets ?? secretsOf(before, deps.vault, deps.log));
  const response = changedResponse(responseOf(before), patch.response);
  const answers = changedAnswers(answersOf(before), patch.answers ?? {}, () => deps.ids.next('rule'));
  if (patch.response !== undefined || patch.answers !== undefined || patch.signing !== undefined)
    assertAnswers(answers, { response, scheme: signing?.scheme ?? null });
  return {
    ...before,
    name: patch.name ?? before.name,
    response_json: JSON.stringify(response),
    ...answerColumns(deps.vault, answers, patch.answers?.verifyToken),
    signing_json: signingJson(signing),
    config_json: JSON.stringify(changedAddress(before, patch)),
    // Secrets that are not replaced keep their sealed bytes, even if this key cannot open them.
    ...(patch.secrets === undefined ? {} : sealedSecrets(deps.vault, patch.secrets)),
  };
}

function changedAddress(row: BinRow, { publicUrl, trustsProxy }: BinPatch): BinAddress {
  const before = addressOf(row);
  return { publicUrl: publicUrl === undefined ? before.publicUrl : publicUrl, trustsProxy: trustsProxy ?? before.trustsProxy };
}

/** Answers as their columns; without a new verify token the sealed one stays. */
function answerColumns(
  vault: Vault,
  answers: StoredAnswers,
  verifyToken: string | null | undefined,
): Pick<BinRow, 'answers_json'> & Partial<BinRow> {
  const sealed = verifyToken === undefined ? {} : { verify_token_sealed: verifyToken === null ? null : sealJson(vault, verifyToken) };
  return { answers_json: JSON.stringify(answers), ...sealed };
}

/** What the rules of a bin, and the bin itself, count their requests under. */
export function scopesOf(answers: StoredAnswers): readonly { readonly ruleId: string | null; readonly scope: string }[] {
  return [
    { ruleId: null, scope: scopeOf(null, answers.epoch) },
    ...answers.rules.map(({ id, epoch }) => ({ ruleId: id, scope: scopeOf(id, epoch) })),
  ];
}

/** The same answers, whose counting begins anew: of one rule, with null of the bin's own answer, or of all. */
export function withNextEpochs(answers: StoredAnswers, ruleId: string | null | undefined): StoredAnswers {
  const isMeant = (id: string | null) => ruleId === undefined || ruleId === id;
  return {
    ...answers,
    epoch: isMeant(null) ? answers.epoch + 1 : answers.epoch,
    rules: answers.rules.map((rule) => (isMeant(rule.id) ? { ...rule, epoch: rule.epoch + 1 } : rule)),
  };
}

/** Deletes the counters under scopes that a changed bin does not have any more; returns those scopes. */
export function dropOldScopes(writer: Writer, before: BinRow, after: BinRow): readonly string[] {
  const current = new Set(scopesOf(answersOf(after)).map(({ scope }) => scope));
  const old = scopesOf(answersOf(before)).flatMap(({ scope }) => (current.has(scope) ? [] : [scope]));
  for (const scope of old) deletePositions(writer, before.id, { scope });
  return old;
}

/** A response with a change to it. */
export function changedResponse(before: BinResponse, patch: ResponsePatch = {}): BinResponse {
  return {
    status: patch.status ?? before.status,
    headers: patch.headers ?? before.headers,
    body: patch.body ?? before.body,
    delayMs: patch.delayMs ?? before.delayMs,
    fault: patch.fault === undefined ? before.fault : patch.fault,
    isTemplate: patch.isTemplate ?? before.isTemplate,
  };
}

function checkSecrets(signing: Signing | null, secrets: readonly string[]): void {
  if (signing === null) return;
  const scheme = schemeOf(signing.scheme);
  const issues = secrets.flatMap((secret, index) => {
    const message = scheme.checkSecret(secret, signing);
    return message === null ? [] : [{ path: `secrets.${index}`, message }];
  });
  if (issues.length > 0) throw new Refusal('INPUT_INVALID', issues.map(({ message }) => message).join(' '), { issues });
}
