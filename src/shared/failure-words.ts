import type { LoggedFailureGroup } from './contract/failure-groups.ts';
import type { OutcomeCode } from './contract/outcome.ts';

/** How something failed, without where: what a group of failures has in common. */
export type FailureCause = Pick<LoggedFailureGroup, 'outcomeCode' | 'status' | 'phase' | 'reason' | 'answer'>;

const codeWords: Readonly<Record<OutcomeCode, string>> = {
  ok: 'Delivered',
  http_status: 'Answered with a status that is no success',
  redirect: 'Redirected',
  dns: 'The name was not found',
  refused: 'Connection refused',
  reset: 'The connection was closed before an answer',
  unreachable: 'Not reachable',
  timeout: 'No answer in time',
  tls: 'The TLS connection failed',
  proxy: 'The proxy failed',
  protocol: 'The answer is no HTTP',
  incomplete: 'The answer broke off',
  template: 'The template does not render',
  policy: 'Nothing was sent: the request cannot be made, or the endpoint does not allow it',
  auth: 'No credentials could be got',
  interrupted: 'Hookyard stopped during the attempt',
  cancelled: 'The attempt was cancelled',
  unknown: 'Failed in an unknown way',
};

const phaseWords = {
  dns: 'while the name was looked up',
  connect: 'while connecting',
  tls: 'during the TLS handshake',
  request: 'while the request was sent',
  response: 'after the request was sent',
  body: 'within the answer',
} as const;

/** Why a group of deliveries fails, in a few words: `422 No order {number}`, `Connection refused`. */
export function failureText({ outcomeCode, status, phase, reason, answer }: FailureCause): string {
  if (status !== null && answer !== null) return answer === '' ? `${status} without a body` : `${status} ${answer}`;
  const words = phase === null ? codeWords[outcomeCode] : `${codeWords[outcomeCode]} ${phaseWords[phase]}`;
  // Of the rest, the words already say what the error code says.
  return reason !== null && (outcomeCode === 'tls' || outcomeCode === 'unknown') ? `${words} (${reason})` : words;
}

/** What failed and is in no failure group. */
export interface LeftOutFailures {
  readonly testsLeftOut: number;
  readonly cancelledLeftOut: number;
}

/** A kind of what failed and is in no failure group, in words. */
export interface LeftOutWords {
  readonly kind: 'tests' | 'cancelled';
  /** `2 failed tests are left out`, without a full stop. */
  readonly sentence: string;
  /** Behind "nothing has failed, but for": `2 tests`. */
  readonly exception: string;
}

/** What failed and is in no failure group, each kind of which there is any. */
export function leftOutWords({ testsLeftOut, cancelledLeftOut }: LeftOutFailures): readonly LeftOutWords[] {
  const counted = (count: number, one: string, many: string) => `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
  const tests: LeftOutWords = {
    kind: 'tests',
    sentence: `${counted(testsLeftOut, 'failed test is', 'failed tests are')} left out`,
    exception: counted(testsLeftOut, 'test', 'tests'),
  };
  const cancelled: LeftOutWords = {
    kind: 'cancelled',
    sentence: `${counted(cancelledLeftOut, 'delivery that failed and was then cancelled is', 'deliveries that failed and were then cancelled are')} left out`,
    exception: counted(cancelledLeftOut, 'delivery that was then cancelled', 'deliveries that were then cancelled'),
  };
  return [...(testsLeftOut === 0 ? [] : [tests]), ...(cancelledLeftOut === 0 ? [] : [cancelled])];
}
