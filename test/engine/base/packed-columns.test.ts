import fc from 'fast-check';
import { expect, it } from 'vitest';
import { outcomeCode, timeoutPhase } from '#shared/contract/outcome.ts';
import { packConnection, packOutcome, packTimings, unpackConnection, unpackOutcome, unpackTimings } from '#engine/base/packed-columns.ts';

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const ms = fc.integer({ min: 0, max: 10 ** 9 }).map((micros) => micros / 1000);

const outcome = fc.record({
  code: fc.constantFrom(...outcomeCode.options),
  message: fc.string(),
  status: maybe(fc.integer({ min: 100, max: 999 })),
  phase: maybe(fc.constantFrom(...timeoutPhase.options)),
  reason: maybe(fc.string()),
});
const timings = fc.record({
  queuedMs: maybe(ms),
  dnsMs: maybe(ms),
  connectMs: maybe(ms),
  tlsMs: maybe(ms),
  firstByteMs: maybe(ms),
  downloadMs: maybe(ms),
  totalMs: ms,
});
const text = maybe(fc.string());
const tls = fc.record({
  protocol: text,
  cipher: text,
  alpn: text,
  subject: text,
  issuer: text,
  validFrom: text,
  validTo: text,
  fingerprint256: text,
  isAuthorized: fc.boolean(),
  authorizationError: text,
});
const connection = fc.record({ remoteAddress: text, remotePort: maybe(fc.nat(65_535)), isReused: fc.boolean(), tls: maybe(tls) });

it('what an attempt keeps comes back as it was, also from logs that keep what is null', () => {
  fc.assert(
    fc.property(outcome, timings, connection, (ended, took, over) => {
      expect([unpackOutcome(packOutcome(ended)), unpackOutcome(JSON.stringify(ended))]).toEqual([ended, ended]);
      expect([unpackTimings(packTimings(took)), unpackTimings(JSON.stringify(took))]).toEqual([took, took]);
      expect([unpackConnection(packConnection(over)), unpackConnection(JSON.stringify(over))]).toEqual([over, over]);
    }),
  );
});
