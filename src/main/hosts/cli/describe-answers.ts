import type { AnswerRule, BinAnswers } from '#shared/contract/bin-answers.ts';
import type { BinResponse } from '#shared/contract/bin-response.ts';
import type { Bin } from '#shared/contract/bins.ts';
import { conditionTexts } from '#shared/answer-conditions.ts';
import { formatDurationMs } from '#shared/duration-text.ts';
import type { EngineClient } from './engine-client.ts';
import { table } from './output.ts';

type Counters = Awaited<ReturnType<EngineClient['answers']['state']>>['counters'];

/** How a bin answers, in some lines. */
export function answersText({ response, answers }: Pick<Bin, 'response' | 'answers'>): readonly string[] {
  const { handshakes, refuse, rules } = answers;
  const refused = [
    ...(refuse.unverified ? ['what does not verify (401)'] : []),
    ...(refuse.seenBefore ? ['what was seen before (409)'] : []),
  ];
  return [
    ...(handshakes === 'none' ? [] : [`Answers handshakes: ${handshakes === 'scheme' ? 'those of its scheme' : handshakes.join(', ')}`]),
    ...(refused.length === 0 ? [] : [`Refuses ${refused.join(' and ')}`]),
    `Answers ${planText(answers, response)}`,
    ...(rules.length === 0 ? [] : ['', table(['RULE', 'NAME', 'IF', 'ANSWERS'], rules.map(ruleRow))]),
  ];
}

function ruleRow({ name, isActive, match, count, response, ...plan }: AnswerRule, index: number): readonly string[] {
  const conditions = conditionTexts(match, count);
  return [
    String(index + 1),
    `${name}${isActive ? '' : ' (off)'}`,
    conditions.length === 0 ? 'every request' : conditions.join(' and '),
    planText(plan, response),
  ];
}

function planText({ key, sequence, failures }: Pick<BinAnswers, 'key' | 'sequence' | 'failures'>, response: BinResponse): string {
  const own = `${response.status}${response.delayMs === 0 ? '' : ` after ${formatDurationMs(response.delayMs)}`}`;
  const steps = sequence === null ? own : `${sequence.steps}${sequence.atEnd === 'again' ? ', and again' : ''} (answer is ${own})`;
  const chance = failures === null ? '' : `; ${Number((failures.rate * 100).toFixed(2))} % ${failures.steps} at random`;
  return `${steps}${chance}${key === 'none' ? '' : `, counted by ${key}`}`;
}

/** How far counters are, in some lines; none where nothing is counted. */
export function counterLines({ answers }: Pick<Bin, 'answers'>, counters: Counters): readonly string[] {
  const rows = counters.flatMap(({ ruleId, latest }) =>
    latest.map(({ value, requests, nextStep, next }) => [
      nameOf(answers, ruleId),
      value,
      String(requests),
      nextStep === null ? '' : `step ${nextStep}: ${next}`,
    ]),
  );
  return rows.length === 0 ? [] : ['', table(['COUNTED BY', 'VALUE', 'REQUESTS', 'NEXT'], rows)];
}

function nameOf({ rules }: BinAnswers, ruleId: string | null): string {
  const index = rules.findIndex(({ id }) => id === ruleId);
  if (index === -1) return 'own answer';
  const name = rules[index]?.name ?? '';
  return name === '' ? `rule ${index + 1}` : name;
}
