import { findingName } from '#shared/check-words.ts';
import type { CheckExchange, CheckFinding, CheckLevel, Defect } from '#shared/contract/checks.ts';
import type { Edge, EdgeKind } from '../../events/variants/edge.ts';
import type { AnswerKind } from '../judge.ts';
import { pathText } from '../json-bodies.ts';

/** A variant that was not taken, as small as it could be made. */
export interface Broken {
  readonly edges: readonly Edge[];
  readonly dataJson: string;
  readonly answer: VariantAnswer;
  /** What the event without these edges is answered. */
  readonly base: VariantAnswer;
  /** Of a value that was made less extreme: the farthest of its kind that is taken, in words, and the answer to it. */
  readonly stillTaken: { readonly words: string; readonly answer: VariantAnswer } | null;
  /** Whether it was found out that none of the edges can be left out. */
  readonly isSmallest: boolean;
  /** The second answer to the same, where that was taken. */
  readonly secondAnswer: VariantAnswer | null;
  /** The base was not taken any more afterwards. */
  readonly isLasting: boolean;
}

export interface VariantAnswer {
  readonly kind: AnswerKind;
  readonly exchange: CheckExchange;
}

/** A place of an edge, as people write it. */
export function placeText({ path }: Pick<Edge, 'path'>): string {
  return path.length === 0 ? 'the data' : `\`${pathText(path)}\``;
}

/** What identifies findings of the same kind at the same places. */
export function findingId(edges: readonly Edge[]): string {
  return `variant:${edges.map(({ path, kind }) => `${pathText(path)}:${kind}`).join('+')}`;
}

/** A finding in the contract's form. `also` is what else of the same kind was not taken at that place, in words. */
export function findingOf(broken: Broken, also: readonly string[], eventType: string): CheckFinding {
  const { edges, dataJson, answer, secondAnswer } = broken;
  return {
    id: findingId(edges),
    level: levelOf(broken),
    message: sentence(broken, also),
    places: edges.map((edge) => ({ path: pathText(edge.path), is: edge.value.words })),
    deliveryId: answer.exchange.deliveryId,
    isFlaky: secondAnswer !== null,
    eventType,
    dataText: dataJson,
  };
}

/** A refusal in words of what the schema only leaves open is worth a thought, as is what happened once. All else is wrong. */
function levelOf({ edges, answer, secondAnswer }: Broken): CheckLevel {
  if (secondAnswer !== null) return 'should';
  return answer.kind === 'refused' && edges.some(({ isStated }) => !isStated) ? 'should' : 'must';
}

function sentence(broken: Broken, also: readonly string[]): string {
  const { edges, answer, base, secondAnswer, isLasting } = broken;
  const when = edges.map((edge) => `${placeText(edge)} ${edge.value.words}`).join(' and ');
  const or = also.length === 0 ? '' : `, and also when it ${also.join(', or ')}`;
  if (secondAnswer !== null) {
    const second = answer.kind === 'unanswered' ? did(secondAnswer) : answerWord(secondAnswer);
    return `It ${did(answer)} once and ${second} the second time when ${when}: the same request is not always treated alike.`;
  }
  const after = isLasting ? ` Since then it ${does(base)} what it took before, too.` : '';
  return `It ${does(answer)} when ${when}${or}; ${otherwise(broken)}.${after}`;
}

function otherwise({ edges, base, stillTaken, isSmallest, isLasting }: Broken): string {
  const [edge] = edges;
  // After it has stopped taking the base, the answer from before is the one that counts.
  const answers = isLasting ? 'it was taken' : `it ${does(base)}`;
  if (edges.length > 1 && !isSmallest) return `without these ${answers}, and fewer of them may do`;
  if (edges.length > 1) return `with ${edges.length === 2 ? 'only one of these' : 'any of these left out'} it takes the event`;
  if (stillTaken !== null) return `when it ${stillTaken.words}, it ${does(stillTaken.answer)}`;
  if (edge === undefined || edge.path.length === 0) return `otherwise ${answers}`;
  return edge.usual === null ? `without that field ${answers}` : `with ${edge.usual} there ${answers}`;
}

function does({ exchange: { answer, outcome }, kind }: VariantAnswer): string {
  return answer === null || kind === 'unanswered' ? `does not answer (${outcome.code})` : `answers ${answer.status}`;
}

function did({ exchange: { answer, outcome }, kind }: VariantAnswer): string {
  return answer === null || kind === 'unanswered' ? `did not answer (${outcome.code})` : `answered ${answer.status}`;
}

function answerWord({ exchange: { answer, outcome } }: VariantAnswer): string {
  return answer === null ? `not at all (${outcome.code})` : String(answer.status);
}

const fixes: Readonly<Record<EdgeKind, string>> = {
  missing: 'Do without the field where it is missing: the schema does not require it.',
  present: 'Take the field where it is there: the schema has it.',
  'empty-object': 'Do without the fields of the object: the schema requires none of them.',
  null: 'Handle null: the schema allows it.',
  choice: 'Handle each value that the schema lists, and give those that you do not know a way to be ignored.',
  form: 'Handle each form that the schema allows.',
  empty: 'Handle a text without characters.',
  shortest: 'Handle a text of the least length.',
  longest: 'Make room for the longest text, or cut it.',
  unusual: 'Pass text on as it is: as a parameter of a query and not within it, and as UTF-8 throughout.',
  format: 'Read the value with a library for its format, and not by its usual look.',
  minimum: 'Handle the least value.',
  maximum: 'Handle the greatest value.',
  zero: 'Handle zero, and do not take it for a missing value.',
  negative: 'Handle a negative number, or let the schema rule it out with a minimum.',
  fraction: 'Read the number as a decimal one, and not as an integer.',
  large: 'Keep large numbers as text or in 64 bits or more, or let the schema rule them out with a maximum.',
  'empty-list': 'Handle a list without items before you take the first one.',
  'one-item': 'Handle a list of one item.',
  several: 'Handle all items of the list.',
  added: 'Ignore fields that you do not know.',
  nested: 'Go down as deep as the data does, without a fixed number of levels.',
};

/** A finding as a defect of the receiver. `caseId` is the case that it came out in. */
export function defectOf(finding: CheckFinding, caseId: string): Defect {
  const { id, level, message, places, isFlaky } = finding;
  const when = findingName(finding);
  const kind = id.slice(id.lastIndexOf(':') + 1) as EdgeKind;
  return {
    id,
    level,
    title: isFlaky ? `It does not always take an event in which ${when}` : `It does not take an event in which ${when}`,
    message,
    fix: isFlaky
      ? 'Find out what the answer depends on beside the request, such as state or another request at the same time.'
      : places.length > 1
        ? 'Handle these together: the schema allows each of them, and all at once.'
        : fixes[kind],
    evidence: [caseId],
    isAboutVerifying: false,
  };
}
