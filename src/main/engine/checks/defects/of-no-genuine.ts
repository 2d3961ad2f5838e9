import type { CaseOutcome, CheckExchange, Defect } from '#shared/contract/checks.ts';
import type { OutcomeCode } from '#shared/contract/outcome.ts';
import { answerWords } from '#shared/check-answer.ts';
import type { Seen, SeenAnswer, SeenCase } from '../seen.ts';

/** What is wrong where no genuine request was taken. */
export interface NotTaken {
  readonly defect: Defect;
  /** Whether all requests, forged ones too, were answered alike, so that nothing else can be told. */
  readonly isAll: boolean;
}

/** What was seen, and what to do about it, each in sentences. */
type Told = Pick<Defect, 'id' | 'title' | 'message' | 'fix'>;

/**
 * Names what was seen where no request that is right was taken; null where one was. Why a receiver refuses cannot be seen from outside, so
 * what it may be is listed, and what the receiver itself says is shown.
 */
export function notTakenDefect(seen: Seen, cases: readonly SeenCase[], genuine: CaseOutcome, isSigned: boolean): NotTaken | null {
  // Those before it did not come again.
  const exchange = genuine.exchanges.at(-1);
  const [first] = seen.of('genuine')?.answers ?? [];
  const right = cases.filter(({ id, isGenuine }) => isGenuine && seen.of(id) !== undefined).flatMap(({ answers }) => answers);
  if (exchange === undefined || first === undefined || right.some(({ kind }) => kind === 'accepted')) return null;
  const all = cases.flatMap(({ answers }) => answers);
  const isAll = all.every(({ kind, status }) => kind === first.kind && status === first.status);
  const told = toldOf(first, exchange, { right, all, isAll, isSigned });
  return {
    defect: { ...told, level: 'must', evidence: ['genuine'], isAboutVerifying: false },
    isAll: isAll && (first.kind === 'unanswered' || isOfPath(first)),
  };
}

interface Answers {
  readonly right: readonly SeenAnswer[];
  readonly all: readonly SeenAnswer[];
  readonly isAll: boolean;
  readonly isSigned: boolean;
}

function toldOf(first: SeenAnswer, exchange: CheckExchange, answers: Answers): Told {
  const { right, all, isAll } = answers;
  const said = answerWords(exchange.answer);
  const quoted = said === null ? '.' : `: “${said}”.`;
  if (first.kind === 'unanswered') return unanswered(exchange);
  if (isAll && isOfPath(first)) {
    const { pathname } = new URL(exchange.request.url);
    return {
      id: 'nothing-at-path',
      title: `It answers ${first.status} to everything`,
      message: `${allText(all.length, 'request')} answered ${first.status}${quoted}`,
      fix:
        first.status === 404
          ? `Check the path of the URL: there seems to be nothing at ${pathname}.`
          : `Check the path of the URL and the method: ${pathname} seems to take no ${exchange.request.method}.`,
    };
  }
  const message = right.every(({ status }) => status === first.status)
    ? `${allText(right.length, 'genuine request')} answered ${first.status}${quoted}`
    : `None of ${right.length} genuine requests was taken. The first was answered ${first.status}${quoted}`;
  switch (first.kind) {
    case 'crashed':
      return {
        id: 'fails-on-genuine',
        title: 'It fails over genuine requests',
        message,
        fix: 'Look into its log. Code that reads a field which the event of this check does not have fails so, too: then check it with data as it really comes.',
      };
    case 'redirected':
      return {
        id: 'redirects-genuine',
        title: 'It redirects genuine requests',
        message: `${message} ${exchange.outcome.message}`,
        fix: 'Give the URL to which it redirects: another scheme, host or slash at the end is a common reason.',
      };
    case 'uncounted':
      return {
        id: 'answers-uncounted',
        title: 'It answers genuine requests with a status that the provider does not count',
        message: `${message} ${exchange.outcome.message}`,
        fix: 'Answer with a status that the provider counts as success.',
      };
    default:
      return {
        id: 'refuses-genuine',
        title: 'It takes no genuine request',
        message,
        fix: answers.isSigned ? signedReasons : unsignedReasons,
      };
  }
}

const signedReasons =
  'It may have another secret than this check, verify another scheme, or verify a body or headers that something before it has changed; or it wants something else, such as a header or an event that it knows. Its log may say which.';
const unsignedReasons =
  'These requests are not signed. If it verifies signatures, check it with the scheme and the secret; otherwise it may want something else, such as a header or an event that it knows. Its log may say which.';

/** Statuses of a server that has nothing, or nothing for the method, where the URL points. */
function isOfPath({ status }: SeenAnswer): boolean {
  return status === 404 || status === 405;
}

function allText(count: number, what: string): string {
  return count === 1 ? `The ${what} was` : `All ${count} ${what}s were`;
}

function unanswered({ outcome: { code, message } }: CheckExchange): Told {
  const { id, title, fix } = unansweredBy[code] ?? {
    id: 'answers-not',
    title: 'It gave no complete answer to the genuine request',
    fix: 'Look into its log, and check that the URL leads to the receiver itself.',
  };
  return { id, title, message, fix };
}

const unansweredBy: Partial<Readonly<Record<OutcomeCode, Omit<Told, 'message'>>>> = {
  refused: {
    id: 'nothing-listens',
    title: 'Nothing listens at its address',
    fix: 'Start the receiver, or correct the host and port of the URL.',
  },
  unreachable: { id: 'not-reached', title: 'Its address is not reached', fix: 'Correct the host of the URL, or connect to its network.' },
  dns: { id: 'not-found', title: 'Its host name is not known', fix: 'Correct the host of the URL.' },
  timeout: {
    id: 'answers-never',
    title: 'It did not answer the genuine request in time',
    fix: 'Answer as soon as the event is written down, and work on it afterwards; or give it more time in the check.',
  },
};
