import { describe, expect, it } from 'vitest';
import { timeoutPhase, type OutcomeCode } from '#shared/contract/outcome.ts';
import { addressesOf, errorCodeOf } from '#engine/http/error-facts.ts';
import { targetOf } from '#engine/http/target.ts';
import { interruptedOutcome, outcomeOf, policyOutcome, templateOutcome, type Failure } from '#engine/http/outcome.ts';

const target = 'hooks.example.com:443';

function failure(changes: Partial<Failure>): Failure {
  return {
    kind: 'failure',
    errorCode: null,
    phase: 'connect',
    addresses: [],
    status: null,
    hasAnswerBegun: false,
    isClosedByReceiver: false,
    isReusedConnection: false,
    detail: null,
    isTlsAnswer: false,
    certificate: null,
    ...changes,
  };
}

/** What Node makes of a failed connection to one address. */
function connectError(code: string, address: string): Error {
  return Object.assign(new Error('connect failed'), { code, address, port: 443 });
}

describe('outcome', () => {
  it.each<[string, Partial<Failure>, OutcomeCode]>([
    ['ENOTFOUND', { phase: 'dns' }, 'dns'],
    ['EAI_AGAIN', { phase: 'dns' }, 'dns'],
    ['EAI_FAIL', { phase: 'dns' }, 'dns'],
    ['ECONNREFUSED', {}, 'refused'],
    ['EHOSTUNREACH', {}, 'unreachable'],
    ['ENETUNREACH', {}, 'unreachable'],
    ['EADDRNOTAVAIL', {}, 'unreachable'],
    ['EACCES', {}, 'unreachable'],
    ['ETIMEDOUT', {}, 'timeout'],
    ['ECONNRESET', {}, 'reset'],
    ['ECONNRESET', { phase: 'response' }, 'reset'],
    ['ECONNRESET', { phase: 'tls' }, 'tls'],
    ['EPIPE', { phase: 'request' }, 'reset'],
    ['ECONNABORTED', { phase: 'response' }, 'reset'],
    ['UND_ERR_SOCKET', { phase: 'response', isClosedByReceiver: true }, 'reset'],
    ['UND_ERR_SOCKET', { phase: 'response', isClosedByReceiver: true, hasAnswerBegun: true }, 'incomplete'],
    ['UND_ERR_SOCKET', { phase: 'response', hasAnswerBegun: true }, 'protocol'],
    ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', { phase: 'body', status: 200, hasAnswerBegun: true }, 'incomplete'],
    ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', { phase: 'response', hasAnswerBegun: true }, 'protocol'],
    ['HPE_INVALID_EOF_STATE', { phase: 'body', status: 200, hasAnswerBegun: true }, 'incomplete'],
    ['HPE_INVALID_CONSTANT', { phase: 'response', hasAnswerBegun: true }, 'protocol'],
    ['UND_ERR_HEADERS_OVERFLOW', { phase: 'response', hasAnswerBegun: true }, 'protocol'],
    ['UND_ERR_INVALID_ARG', { phase: 'request' }, 'policy'],
    ['CERT_HAS_EXPIRED', { phase: 'tls' }, 'tls'],
    ['CERT_REVOKED', { phase: 'tls' }, 'tls'],
    ['HOSTNAME_MISMATCH', { phase: 'tls' }, 'tls'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', { phase: 'tls' }, 'tls'],
    ['EPROTO', { phase: 'tls' }, 'tls'],
    ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', { phase: 'tls' }, 'tls'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', { phase: 'response' }, 'tls'],
    ['ESOMETHINGNEW', { phase: 'response' }, 'unknown'],
  ])('of %s with %j is %s and keeps the code as its reason', (errorCode, changes, code) => {
    const outcome = outcomeOf(target, failure({ errorCode, ...changes }));
    expect(outcome).toMatchObject({ code, reason: errorCode, status: changes.status ?? null });
    expect(outcome.message).toContain(target);
    expect(outcome.message).toMatch(/^[^\n]+\.$/);
  });

  it('of an error without a code is unknown', () => {
    expect(outcomeOf(target, failure({}))).toMatchObject({ code: 'unknown', reason: null });
  });

  it.each(timeoutPhase.options)('of the deadline in phase %s names the phase and the deadline', (phase) => {
    const outcome = outcomeOf(target, { kind: 'timeout', phase, timeoutMs: 1500, status: null });
    expect(outcome).toMatchObject({ code: 'timeout', phase, reason: null });
    expect(outcome.message).toContain('within 1500 ms');
    expect(outcome.message).toContain(target);
  });

  it('has a sentence of its own for each phase', () => {
    const sentences = timeoutPhase.options.map(
      (phase) => outcomeOf(target, { kind: 'timeout', phase, timeoutMs: 1, status: null }).message,
    );
    expect(new Set(sentences).size).toBe(timeoutPhase.options.length);
  });

  it.each([
    [301, 'redirect'],
    [302, 'redirect'],
    [303, 'redirect'],
    [307, 'redirect'],
    [308, 'redirect'],
    [300, 'http_status'],
    [304, 'http_status'],
    [400, 'http_status'],
    [410, 'http_status'],
    [500, 'http_status'],
    [200, 'ok'],
    [299, 'ok'],
  ])('of status %i under the rule 2xx is %s', (status, code) => {
    const outcome = outcomeOf(target, { kind: 'response', status, reason: '', location: null, successRule: '2xx' });
    expect(outcome).toMatchObject({ code, status, phase: null, reason: null });
  });

  it('names all addresses of a host name that refused', () => {
    const error = new AggregateError([connectError('ECONNREFUSED', '::1'), connectError('ECONNREFUSED', '127.0.0.1')]);
    const outcome = outcomeOf('localhost:3000', failure({ errorCode: errorCodeOf(error), addresses: addressesOf(error) }));
    expect(outcome.message).toBe(
      'localhost:3000 refused the connection on ::1 and 127.0.0.1: nothing is listening on that port. Start the receiver or correct the port.',
    );
  });

  it.each(['127.0.0.1:3000', '[::1]:3000'])('does not name an address twice for %s', (literal) => {
    const address = new URL(`http://${literal}`).hostname.replace(/[[\]]/g, '');
    expect(outcomeOf(literal, failure({ errorCode: 'ECONNREFUSED', addresses: [address] })).message).toContain(
      `${literal} refused the connection: nothing`,
    );
  });

  it.each([
    { codes: ['ENETUNREACH', 'ECONNREFUSED'], code: 'ECONNREFUSED' },
    { codes: ['ETIMEDOUT', 'ECONNREFUSED'], code: 'ECONNREFUSED' },
    { codes: ['EHOSTUNREACH', 'ENETUNREACH'], code: 'EHOSTUNREACH' },
  ])('goes by the address that says most: $codes', ({ codes, code }) => {
    expect(errorCodeOf(new AggregateError(codes.map((each) => connectError(each, '192.0.2.1'))))).toBe(code);
  });

  it('of what never reached the wire keeps the sentence it was given', () => {
    expect(templateOutcome('Line 3 is wrong.')).toEqual({
      code: 'template',
      message: 'Line 3 is wrong.',
      status: null,
      phase: null,
      reason: null,
    });
    expect(policyOutcome('Use https.')).toMatchObject({ code: 'policy', message: 'Use https.' });
    expect(interruptedOutcome().code).toBe('interrupted');
  });

  it.each([
    ['http://example.com/x', 'example.com:80'],
    ['https://example.com/x', 'example.com:443'],
    ['https://example.com:8443/', 'example.com:8443'],
    ['http://[::1]:3000/', '[::1]:3000'],
  ])('calls the target of %s %s', (url, name) => {
    expect(targetOf(new URL(url))).toBe(name);
  });
});
