import { errors } from 'undici';
import { parserErrorCode } from './outcome.ts';

/**
 * Code of an error, or null.
 * With several addresses, a refusal counts more than an address that cannot be reached.
 */
export function errorCodeOf(error: Error): string | null {
  const codes = partsOf(error).map(codeOf);
  return codes.includes('ECONNREFUSED') ? 'ECONNREFUSED' : (codes[0] ?? null);
}

/** undici's parser error has no code (8.12), so its class is used as one. */
function codeOf(error: Error): string | null {
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error instanceof errors.HTTPParserError ? parserErrorCode : null;
}

/** The addresses that connecting was tried on, in order. */
export function addressesOf(error: Error): readonly string[] {
  return partsOf(error).flatMap((part) => ('address' in part && typeof part.address === 'string' ? [part.address] : []));
}

/** A name with several addresses fails with one error for each. */
function partsOf(error: Error): readonly Error[] {
  return error instanceof AggregateError ? error.errors.filter((part) => part instanceof Error) : [error];
}

/** Whether an answer that could not be parsed begins with a TLS alert record, as a TLS server gives to plain HTTP. */
export function isTlsAnswer(error: Error): boolean {
  return 'data' in error && typeof error.data === 'string' && error.data.startsWith('\u0015\u0003');
}

/** What undici's parser says is wrong, such as `Invalid header token`; null for other errors. For people only: the text is not a code. */
export function parserDetailOf(error: Error): string | null {
  return error instanceof errors.HTTPParserError ? (/\((.+)\)$/.exec(error.message)?.[1] ?? null) : null;
}
