import type { Verification, VerificationReason } from '#shared/contract/verifying.ts';
import { capitalised } from '#shared/text/capitalised.ts';
import { listed } from '../header-values.ts';
import type { Findings } from './findings.ts';
import { signaturePhrases, tokenPhrases, type Phrases } from './phrases.ts';

type Check = Verification['checks'][number];
type Judgement = Pick<Verification, 'verdict' | 'reason' | 'message'>;

/** Turns findings into a verdict with sentences that can be sent to a customer unchanged. */
export function explainFindings(findings: Findings): Judgement & Pick<Verification, 'checks' | 'next'> {
  const judgement = judge(findings);
  return {
    ...judgement,
    checks: [headersCheck(findings), secretCheck(findings), timestampCheck(findings), signatureCheck(findings, judgement)],
    next: judgement.verdict === 'valid' ? [...findings.next] : [],
  };
}

/** The first trouble in the order in which it must be fixed; a late request is named only when its signature is right. */
function judge(findings: Findings): Judgement {
  const { words, headers, secrets, signature, timestamp, unknown } = findings;
  if (headers.wanted.length > 0 && headers.missing.length === headers.wanted.length)
    return { verdict: 'unsigned', reason: 'header_missing', message: phrasesFor(findings).unsigned(words, headers) };
  if (headers.missing.length > 0) return refused('header_missing', missingMessage(findings));
  if (unknown.length > 0) {
    return refused('request_incomplete', `Give the ${listed(unknown)} of the request as the sender used it, because this scheme signs it.`);
  }
  if (signature.kind === 'malformed') {
    return refused(
      'header_malformed',
      `The signature cannot be read: ${signature.problem}. Compare the header with what the sender sent.${alsoLate(findings)}`,
    );
  }
  if (signature.kind === 'refused') return refused(signature.reason, `${signature.message}${alsoLate(findings)}`);
  if (secrets.count === 0) return refused('secret_missing', `${noKeyMessage(findings)}${alsoLate(findings)}`);
  if (secrets.usable.length === 0) return refused('secret_malformed', secretProblems(findings).join(' '));
  if (timestamp?.kind === 'malformed') {
    return refused('timestamp_malformed', `${sentence(timestamp.message)} ${besideTime[signature.kind]}`);
  }
  if (signature.kind === 'unchecked') {
    const message = 'The signature was not compared, because something that it covers is missing or cannot be read.';
    return refused('header_malformed', `${message}${alsoObstructed(findings)}${alsoLate(findings)}`);
  }
  if (signature.kind !== 'matched') return refused('signature_mismatch', mismatchMessage(findings));
  const obstacle = findings.obstacles[0];
  if (obstacle !== undefined) {
    const others = findings.obstacles.slice(1).map(({ message }) => ` ${message}`);
    return refused(obstacle.reason, `${obstacle.message}${others.join('')} The signature itself matches.${alsoLate(findings)}`);
  }
  if (timestamp?.kind === 'stale') {
    const advice = 'Send it again, or, to check an old request, use the time at which it arrived as the clock.';
    return refused(
      'timestamp_stale',
      `${sentence(timestamp.message)} The signature itself matches, so it is genuine but late, or a replay. ${advice}`,
    );
  }
  if (timestamp?.kind === 'future') {
    return refused(
      'timestamp_future',
      `${sentence(timestamp.message)} The signature itself matches, so set the clock of the sender or the receiver right.`,
    );
  }
  const fresh = timestamp === null ? '' : `, and ${timestamp.message}`;
  return {
    verdict: 'valid',
    reason: 'ok',
    message: `Valid: ${phrasesFor(findings).matched(secretName(findings, signature.secret))}${fresh}.${alsoRepeated(headers)}`,
  };
}

/** What is known of the signature when the timestamp cannot be read. */
const besideTime = {
  matched: 'The signature itself matches.',
  mismatched: 'The signature does not match either.',
  unchecked: 'The signature was not checked.',
} as const;

/** What is missing on our side, so that the signature was not compared and may well be right. */
const uncheckedReasons: ReadonlySet<VerificationReason> = new Set(['secret_missing', 'secret_malformed', 'request_incomplete']);

function refused(reason: VerificationReason, message: string): Judgement {
  return { verdict: uncheckedReasons.has(reason) ? 'unchecked' : 'invalid', reason, message };
}

function phrasesFor({ words }: Findings): Phrases {
  return words.isToken === true ? tokenPhrases : signaturePhrases;
}

function missingMessage({ headers, words }: Findings): string {
  const absent = headers.missing.filter(({ isEmpty }) => !isEmpty).map(({ name }) => name);
  const empty = headers.missing.filter(({ isEmpty }) => isEmpty).map(({ name }) => name);
  if (words.place === 'body') {
    const lacking = listed(headers.missing.map(({ name }) => name));
    return `The signature cannot be checked, because the body has no ${lacking}. Give the body as it was received.`;
  }
  if (words.place === 'request') {
    const lacking = listed(
      headers.missing.map(({ name, isEmpty }) => `${name}${isEmpty ? ' (it is empty)' : ''}`),
      'or',
    );
    return `The signature cannot be checked, because the request has no ${lacking}. Make sure that the sender sets all of ${listed(headers.wanted)}, and give URL and body as they were received.`;
  }
  const clauses = [
    ...(absent.length === 0 ? [] : [`has no ${listed(absent, 'or')} header`]),
    ...(empty.length === 0 ? [] : [`has an empty ${listed(empty)} header`]),
  ];
  return `The signature cannot be checked, because the request ${listed(clauses)}. Make sure that the sender sets every header (${listed(headers.wanted)}) and no proxy takes one away.`;
}

function mismatchMessage(findings: Findings): string {
  const { words, secrets, headers } = findings;
  const whose =
    secrets.usable.length === 1 ? secretName(findings, secrets.usable[0]?.index ?? 0) : `any of the ${secrets.usable.length} ${words.key}s`;
  const doubts = [...secretProblems(findings), ...secrets.doubts].map((text) => ` ${text}`).join('');
  return `${phrasesFor(findings).mismatched(words, headers, whose)}${doubts}${alsoObstructed(findings)}${alsoLate(findings)}`;
}

function noKeyMessage(findings: Findings): string {
  return `There is no ${findings.words.key} to check with. Enter ${phrasesFor(findings).keyOfSender(findings.words)}.`;
}

/** What else would be refused, besides a signature that does not match. */
function alsoObstructed({ obstacles }: Findings): string {
  return obstacles.map(({ message }) => ` ${message}`).join('');
}

/** What a receiver that reads another line of a header, or all of them as one value, would judge otherwise. */
function alsoRepeated({ differing = [], repeated }: Findings['headers']): string {
  if (repeated.length === 0) return '';
  return differing.length > 0
    ? ` ${listed(differing)} occurs more than once with different values: the first counts here, and a receiver that takes another, or all as one value, may refuse the request.`
    : ` ${listed(repeated)} occurs more than once with the same value: it counts once here, and a receiver that joins the lines with a comma, as Node does, may refuse the request.`;
}

/** What is wrong with the timestamp, besides a greater problem. */
function alsoLate({ timestamp }: Findings): string {
  return timestamp === null || timestamp.kind === 'fresh' ? '' : ` Also, ${timestamp.message}.`;
}

function secretName({ secrets, words }: Findings, index: number): string {
  return secrets.count === 1 ? `the ${words.key}` : `${words.key} ${index + 1} of ${secrets.count}`;
}

function secretProblems({ secrets, words }: Findings): readonly string[] {
  return secrets.problems.map(({ index, problem }) =>
    secrets.count === 1 ? problem : `${capitalised(words.key)} ${index + 1} of ${secrets.count}: ${problem}`,
  );
}

function headersCheck({ headers, unknown }: Findings): Check {
  if (headers.missing.length > 0) {
    const names = headers.missing.map(({ name, isEmpty }) => `${name} ${isEmpty ? 'is empty' : 'is missing'}`);
    return { name: 'headers', result: 'failed', message: `${listed(names)}.` };
  }
  if (unknown.length > 0)
    return { name: 'headers', result: 'failed', message: `The headers are there, but the ${listed(unknown)} is not known.` };
  if (headers.wanted.length === 0) return { name: 'headers', result: 'skipped', message: 'This scheme has no headers of its own.' };
  const repeated = headers.repeated.length === 0 ? '' : ` ${listed(headers.repeated)} occurs more than once; the first one counts.`;
  return {
    name: 'headers',
    result: 'passed',
    message: `${listed(headers.wanted)} ${headers.wanted.length === 1 ? 'is' : 'are'} there.${repeated}`,
  };
}

function secretCheck(findings: Findings): Check {
  const { secrets, words } = findings;
  if (secrets.count === 0) return { name: 'secret', result: 'skipped', message: `No ${words.key} was given.` };
  const remarks = [...secretProblems(findings), ...secrets.doubts, ...secrets.warnings];
  const usable =
    secrets.count === 1 ? `The ${words.key} can be used.` : `${secrets.usable.length} of ${secrets.count} ${words.key}s can be used.`;
  return {
    name: 'secret',
    result: secrets.usable.length > 0 ? 'passed' : 'failed',
    message: (secrets.usable.length > 0 ? [usable, ...remarks] : remarks).join(' '),
  };
}

function timestampCheck({ words, timestamp }: Findings): Check {
  if (words.timestamp === null) return { name: 'timestamp', result: 'skipped', message: 'This scheme carries no timestamp.' };
  if (timestamp === null) return { name: 'timestamp', result: 'skipped', message: `There is no ${words.timestamp} to check.` };
  return { name: 'timestamp', result: timestamp.kind === 'fresh' ? 'passed' : 'failed', message: sentence(timestamp.message) };
}

function signatureCheck(findings: Findings, judgement: Judgement): Check {
  const { signature, headers, secrets, words } = findings;
  const phrases = phrasesFor(findings);
  switch (signature.kind) {
    case 'matched':
      return {
        name: 'signature',
        result: 'passed',
        message: phrases.matchedCheck(signature.signature, secretName(findings, signature.secret)),
      };
    case 'mismatched':
      return { name: 'signature', result: 'failed', message: phrases.mismatchedCheck(words, secrets.usable.length > 1) };
    case 'refused':
      return { name: 'signature', result: 'failed', message: signature.message };
    case 'malformed':
      return { name: 'signature', result: 'failed', message: sentence(signature.problem) };
    case 'unchecked': {
      const why =
        judgement.verdict === 'unsigned'
          ? 'there is none'
          : headers.missing.length > 0
            ? 'a header is missing'
            : 'something to check it with is missing';
      return { name: 'signature', result: 'skipped', message: `The ${phrases.thing} was not checked, because ${why}.` };
    }
  }
}

/** A clause as a sentence; one that begins with a header's name keeps that name's case. */
function sentence(clause: string): string {
  const text = clause.startsWith('the ') ? `T${clause.slice(1)}` : clause;
  return `${text}.`;
}
