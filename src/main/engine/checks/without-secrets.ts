import { Buffer } from 'node:buffer';
import type { CaseOutcome, CheckExchange } from '#shared/contract/checks.ts';
import type { HeaderField } from '#shared/contract/common.ts';
import { createSecretCleaner } from '../base/secret-cleaner.ts';

/** Takes secrets out of the answers of a case, which a receiver may have repeated there: reports are passed on. */
export function createAnswerCleaner(secrets: readonly (string | null)[]): (outcome: CaseOutcome) => CaseOutcome {
  const { text, latin1 } = createSecretCleaner(secrets);
  const header = ([name, value]: HeaderField): HeaderField => [text(name), text(value)];
  const answer = (given: NonNullable<CheckExchange['answer']>) => ({
    ...given,
    headers: given.headers.map(header),
    bodyBase64: Buffer.from(latin1(Buffer.from(given.bodyBase64, 'base64').toString('latin1')), 'latin1').toString('base64'),
  });
  return (outcome) => ({
    ...outcome,
    message: text(outcome.message),
    exchanges: outcome.exchanges.map((exchange) => ({
      ...exchange,
      outcome: { ...exchange.outcome, message: text(exchange.outcome.message) },
      answer: exchange.answer === null ? null : answer(exchange.answer),
    })),
  });
}
