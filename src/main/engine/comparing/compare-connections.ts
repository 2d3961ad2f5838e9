import type { CaptureArrival } from '#shared/contract/captures.ts';
import { connectionFact, type ConnectionComparison, type ConnectionFact } from '#shared/contract/comparisons.ts';
import type { ConnectionFacts } from '#shared/contract/deliveries.ts';
import { connectionWords } from '#shared/comparison-words.ts';
import { listed } from '../signing/header-values.ts';

/** The connection of one of the two. */
export interface ComparedConnection {
  /** Null where there is none; a fact that is not there is one that the log does not keep of its kind. */
  readonly facts: ReadonlyMap<ConnectionFact, string | null>;
  /** Why there are none, as a clause that follows `The first`; null where there are. */
  readonly why: string | null;
  /** Nothing is known of it, as of a request in a text. */
  readonly isUnknown?: boolean;
}

/** The connection of a request in a text that says nothing of it. */
export const unknownConnection: ComparedConnection = {
  facts: new Map(),
  why: 'is from a text, which tells nothing of its connection',
  isUnknown: true,
};

const plain = 'none (plain HTTP)';

/** The connection of an attempt; null where none was made. */
export function attemptConnection(connection: ConnectionFacts | null): ComparedConnection {
  if (connection === null) return { facts: new Map(), why: 'made no connection' };
  const { remoteAddress, remotePort, proxy, isReused, tls } = connection;
  return {
    why: null,
    facts: new Map([
      ['remote address', remoteAddress === null ? null : `${remoteAddress}${remotePort === null ? '' : ` port ${remotePort}`}`],
      ['proxy', proxy ?? null],
      ['reuse', isReused ? 'reused from an earlier attempt' : 'opened for this attempt'],
      ['tls', tls === null ? plain : tls.protocol],
      ['cipher', tls?.cipher ?? null],
      ['alpn', tls?.alpn ?? null],
      ['certificate', tls?.subject ?? null],
      ['issuer', tls?.issuer ?? null],
      ['validity', typeof tls?.validFrom !== 'string' ? null : `${tls.validFrom} to ${tls.validTo ?? '?'}`],
      ['fingerprint', tls?.fingerprint256 ?? null],
      ['trust', tls === null ? null : tls.isAuthorized ? 'yes' : `no: ${tls.authorizationError ?? 'unknown reason'}`],
    ]),
  };
}

/** By which way a capture came in. */
export function captureConnection({
  arrival: { url, tls },
  httpVersion,
  remoteAddress,
}: {
  readonly arrival: CaptureArrival;
  readonly httpVersion: string;
  readonly remoteAddress: string;
}): ComparedConnection {
  return {
    why: null,
    facts: new Map([
      ['sender address', remoteAddress === '' ? null : remoteAddress],
      ['http version', httpVersion],
      ['url', url],
      ['tls', tls === null ? plain : tls.protocol],
      ['cipher', tls?.cipher ?? null],
      ['server name', tls?.serverName ?? null],
    ]),
  };
}

/** Compares over which connections both went, fact by fact. */
export function compareConnections(before: ComparedConnection, after: ComparedConnection): ConnectionComparison {
  const facts = connectionFact.options.flatMap((fact): ConnectionComparison['facts'] => {
    const [one, other] = [before.facts.get(fact), after.facts.get(fact)];
    if ((one ?? null) === null && (other ?? null) === null) return [];
    return [{ fact, before: one ?? null, after: other ?? null, isSame: one === undefined || other === undefined ? null : one === other }];
  });
  const whys = [...(before.why === null ? [] : [`The first ${before.why}.`]), ...(after.why === null ? [] : [`The second ${after.why}.`])];
  const isOfOne = facts.some(({ isSame }) => isSame === null) && whys.length === 0;
  return {
    summary: summaryOf(facts, whys, before.isUnknown === true || after.isUnknown === true),
    facts,
    notes: [...whys, ...(isOfOne ? ['Not the same facts are known of both connections.'] : [])],
  };
}

function summaryOf(facts: ConnectionComparison['facts'], whys: readonly string[], isUnknown: boolean): string {
  const compared = facts.filter(({ isSame }) => isSame !== null);
  if (compared.length === 0 && isUnknown) return 'The connections were not compared, since not both are known.';
  if (compared.length === 0) return whys.length === 2 ? 'Neither made a connection.' : (whys[0] ?? 'There is nothing to compare.');
  const different = compared.filter(({ isSame }) => isSame === false).map(({ fact }) => connectionWords[fact]);
  if (different.length === 0) return 'Nothing that is known of both connections differs.';
  return `${different.length === 1 ? 'One fact differs' : `${different.length} facts differ`}: ${listed(different)}.`;
}
