import { setImmediate as nextTurn } from 'node:timers/promises';
import type { BinAnswersInput, AnswerRuleInput } from '#shared/contract/bin-answers.ts';
import type { BinResponse } from '#shared/contract/bin-response.ts';
import { stepsProblem } from '#shared/answer-steps.ts';
import { handshakeAnswers, signsToken } from '#shared/handshakes/answers.ts';
import { Refusal } from '../../base/refusal.ts';
import { fingerprintOf } from '../../signing/secret.ts';
import type { Renderer } from '../../templates/renderer.ts';
import { unreadTemplate } from '../../templates/template.ts';
import { checkResponse } from '../answer.ts';
import { isTemplateText, type StoredAnswers, type StoredRule } from './config.ts';

interface Issue {
  readonly path: string;
  readonly message: string;
}

/** A bin's answers with a change to them. Rules that have no id yet get one; those whose counting is another begin it anew. */
export function changedAnswers(before: StoredAnswers, patch: BinAnswersInput, nextId: () => string): StoredAnswers {
  const { verifyToken } = patch;
  const own = {
    key: patch.key ?? before.key,
    sequence: patch.sequence === undefined ? before.sequence : patch.sequence,
    failures: patch.failures === undefined ? before.failures : patch.failures,
  };
  return {
    handshakes: patch.handshakes ?? before.handshakes,
    verifyTokenFingerprint:
      verifyToken === undefined ? before.verifyTokenFingerprint : verifyToken === null ? null : fingerprintOf(verifyToken),
    refuse: {
      unverified: patch.refuse?.unverified ?? before.refuse.unverified,
      seenBefore: patch.refuse?.seenBefore ?? before.refuse.seenBefore,
    },
    rules: patch.rules === undefined ? before.rules : changedRules(before.rules, patch.rules, nextId),
    ...own,
    epoch: isSame(own, pick(before)) ? before.epoch : before.epoch + 1,
  };
}

const pick = ({ key, sequence, failures }: Pick<StoredAnswers, 'key' | 'sequence' | 'failures'>) => ({ key, sequence, failures });

function changedRules(before: readonly StoredRule[], inputs: readonly AnswerRuleInput[], nextId: () => string): readonly StoredRule[] {
  const left = new Map(before.map((rule) => [rule.id, rule]));
  return inputs.map((input): StoredRule => {
    const known = input.id === undefined ? undefined : left.get(input.id);
    if (known === undefined) return { ...input, id: nextId(), epoch: 0 };
    // Only the first of two with the same id is that rule.
    left.delete(known.id);
    const counted = ({ match, count, ...rest }: AnswerRuleInput | StoredRule) => ({ match, count, ...pick(rest) });
    return { ...input, id: known.id, epoch: isSame(counted(known), counted(input)) ? known.epoch : known.epoch + 1 };
  });
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Characters of the bodies of all rules of a bin. */
const bodyCharacters = 1_000_000;

/** What a bin has beside its answers, where they depend on it. */
interface BesideAnswers {
  readonly response: BinResponse;
  /** The scheme that its captures are verified by, or null. */
  readonly scheme: string | null;
}

/** Throws a Refusal INPUT_INVALID where a bin could not answer like that, whatever its templates make. */
export function assertAnswers(answers: StoredAnswers, { response, scheme }: BesideAnswers): void {
  const bodies = answers.rules.reduce((sum, rule) => sum + rule.response.body.length, 0);
  const tooMuch = `The bodies of all rules together have ${bodies} characters: shorten them to ${bodyCharacters}.`;
  refuseFor([
    ...responseIssues(response, 'response'),
    ...planIssues(answers, 'answers'),
    ...answers.rules.flatMap((rule, index) => [
      ...planIssues(rule, `answers.rules.${index}`),
      ...responseIssues(rule.response, `answers.rules.${index}.response`),
      ...earlyIssues(rule.response, `answers.rules.${index}.response.fault`),
    ]),
    ...refusingIssues(answers, scheme),
    ...handshakeIssues(answers, scheme),
    ...(bodies > bodyCharacters ? [{ path: 'answers.rules', message: tooMuch }] : []),
  ]);
}

/** Rejects with a Refusal INPUT_INVALID where a template of a response, or of a rule, cannot be read. */
export async function checkTemplates(
  renderer: Pick<Renderer, 'check'>,
  { response, rules }: { readonly response: BinResponse | null; readonly rules: readonly Pick<AnswerRuleInput, 'response'>[] },
): Promise<void> {
  const issues = response === null ? [] : [...(await templateIssues(renderer, response, 'response'))];
  for (const [index, rule] of rules.entries())
    issues.push(...(await templateIssues(renderer, rule.response, `answers.rules.${index}.response`)));
  refuseFor(issues);
}

function refuseFor(issues: readonly Issue[]): void {
  if (issues.length === 0) return;
  throw new Refusal('INPUT_INVALID', [...new Set(issues.map(({ message }) => message))].join(' '), { issues: [...issues] });
}

function responseIssues(response: BinResponse, path: string): readonly Issue[] {
  try {
    checkResponse(response);
    return [];
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'INPUT_INVALID') throw error;
    const { issues } = error.data as { readonly issues: readonly Issue[] };
    return issues.map((issue) => ({ ...issue, path: issue.path.replace(/^response/, path) }));
  }
}

/** A rule is chosen when the request was read, so a fault before that cannot be its own. */
function earlyIssues({ fault }: BinResponse, path: string): readonly Issue[] {
  if (fault?.kind !== 'early-answer' && fault?.kind !== 'slow-read') return [];
  return [
    {
      path,
      message: `The fault ${fault.kind} acts before the rules are looked at: choose it for the bin's own response, or another one for the rule.`,
    },
  ];
}

function planIssues({ sequence, failures }: Pick<StoredAnswers, 'sequence' | 'failures'>, path: string): readonly Issue[] {
  return [
    ...(sequence === null ? [] : stepIssues(sequence.steps, `${path}.sequence.steps`)),
    ...(failures === null ? [] : stepIssues(failures.steps, `${path}.failures.steps`)),
  ];
}

function stepIssues(text: string, path: string): readonly Issue[] {
  const message = stepsProblem(text);
  return message === null ? [] : [{ path, message }];
}

function refusingIssues({ refuse }: StoredAnswers, scheme: string | null): readonly Issue[] {
  if (scheme !== null || (!refuse.unverified && !refuse.seenBefore)) return [];
  const path = refuse.unverified ? 'answers.refuse.unverified' : 'answers.refuse.seenBefore';
  return [{ path, message: 'A bin without a scheme cannot refuse by the signature: choose the scheme that the sender signs by.' }];
}

function handshakeIssues({ handshakes }: StoredAnswers, scheme: string | null): readonly Issue[] {
  if (typeof handshakes === 'string') return [];
  return handshakes.flatMap((id): readonly Issue[] => {
    const path = 'answers.handshakes';
    const known = handshakeAnswers.find((each) => each.id === id);
    if (known === undefined)
      return [{ path, message: `There is no handshake ${id}: use ${handshakeAnswers.map((each) => each.id).join(', ')}.` }];
    // With the secret of another scheme it could sign what that one would take for genuine.
    const needsScheme = known.isSigned || signsToken(known);
    if (!needsScheme || known.schemes.some((each) => each === scheme)) return [];
    return [
      {
        path,
        message: `${known.title} goes with the scheme ${known.schemes.join(' or ')}: choose that for the bin, or leave the handshake out.`,
      },
    ];
  });
}

/** Where the templates of a response cannot be read. Each takes some milliseconds, or is read in a thread. */
async function templateIssues(
  renderer: Pick<Renderer, 'check'>,
  { isTemplate, headers, body }: BinResponse,
  path: string,
): Promise<readonly Issue[]> {
  if (!isTemplate) return [];
  const issues: Issue[] = [];
  const check = async (source: string, at: string, what: string) => {
    try {
      await renderer.check(unreadTemplate(source));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      issues.push({ path: at, message: `${what}: ${error.message} Correct it, or set isTemplate to false to send the text as it is.` });
    }
  };
  for (const [name, values] of Object.entries(headers))
    for (const value of [values].flat()) {
      if (value.includes('{%'))
        issues.push({
          path: `${path}.headers.${name}`,
          message: `The header ${name} has a tag ({% ... %}): headers take outputs only, such as {{ captureId }}.`,
        });
      else if (value.includes('{{')) await check(value, `${path}.headers.${name}`, `The header ${name}`);
    }
  if (isTemplateText(body)) {
    await nextTurn();
    await check(body, `${path}.body`, 'The body');
  }
  return issues;
}
