import { Buffer } from 'node:buffer';
import type { CaseOutcome, CheckExchange } from '#shared/contract/checks.ts';
import type { HeaderField } from '#shared/contract/common.ts';
import { secretForms } from '../base/secret-forms.ts';

/** What stands in the place of a secret. */
const shown = '[secret]';
/** Shorter ones occur by chance. */
const shortest = 4;

/** Takes secrets out of the answers of a case, which a receiver may have repeated there: reports are passed on. */
export function createAnswerCleaner(secrets: readonly (string | null)[]): (outcome: CaseOutcome) => CaseOutcome {
  const whole = secrets.filter((secret) => secret !== null);
  const known = [...new Set(whole.flatMap(formsOf))].filter(({ length }) => length >= shortest).toSorted((a, b) => b.length - a.length);
  // A body is any bytes, each of which is one character here.
  const inBytes = known.map((secret) => Buffer.from(secret, 'utf8').toString('latin1'));
  const header = ([name, value]: HeaderField): HeaderField => [without(name, known), without(value, known)];
  const answer = (given: NonNullable<CheckExchange['answer']>) => ({
    ...given,
    headers: given.headers.map(header),
    bodyBase64: Buffer.from(without(Buffer.from(given.bodyBase64, 'base64').toString('latin1'), inBytes), 'latin1').toString('base64'),
  });
  return (outcome) => ({
    ...outcome,
    message: without(outcome.message, known),
    exchanges: outcome.exchanges.map((exchange) => ({
      ...exchange,
      outcome: { ...exchange.outcome, message: without(exchange.outcome.message, known) },
      answer: exchange.answer === null ? null : answer(exchange.answer),
    })),
  });
}

/**
 * A secret with and without the name of an authentication scheme before it, and the password of Basic authentication, in all forms in which
 * a text may hold them.
 */
function formsOf(secret: string): readonly string[] {
  const value = secret.replace(/^[A-Za-z][\w-]{0,30} (?=\S)/, '');
  const whole = [secret, value, ...(/^basic /i.test(secret) ? passwordOf(value) : [])];
  return whole.flatMap((form) => [form, ...secretForms(form)]);
}

/** What stands behind the first colon of Basic credentials; none where there is no colon. */
function passwordOf(credentials: string): readonly string[] {
  const text = Buffer.from(credentials, 'base64').toString('utf8');
  return text.includes(':') ? [text.slice(text.indexOf(':') + 1)] : [];
}

function without(text: string, secrets: readonly string[]): string {
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, shown), text);
}
