import type { ConnectionFacts, Timings } from '#shared/contract/deliveries.ts';
import type { Outcome } from '#shared/contract/outcome.ts';

/** JSON columns of the log, without fields that are null: every attempt writes them, and most fields are usually null. */

const blankOutcome = { status: null, phase: null, reason: null } as const satisfies Partial<Outcome>;
const blankTimings: Timings = {
  queuedMs: null,
  dnsMs: null,
  connectMs: null,
  tlsMs: null,
  firstByteMs: null,
  downloadMs: null,
  totalMs: 0,
};

export function packOutcome({ code, message, status, phase, reason }: Outcome): string {
  return JSON.stringify({ code, message, status: status ?? undefined, phase: phase ?? undefined, reason: reason ?? undefined });
}

export function unpackOutcome(json: string): Outcome {
  return { ...blankOutcome, ...(JSON.parse(json) as Outcome) };
}

export function packTimings(timings: Timings): string {
  const { queuedMs, dnsMs, connectMs, tlsMs, firstByteMs, downloadMs, totalMs } = timings;
  return JSON.stringify({
    queuedMs: queuedMs ?? undefined,
    dnsMs: dnsMs ?? undefined,
    connectMs: connectMs ?? undefined,
    tlsMs: tlsMs ?? undefined,
    firstByteMs: firstByteMs ?? undefined,
    downloadMs: downloadMs ?? undefined,
    totalMs,
  });
}

export function unpackTimings(json: string): Timings {
  return { ...blankTimings, ...(JSON.parse(json) as Partial<Timings>) };
}

export function packConnection({ tls, ...facts }: ConnectionFacts): string {
  return JSON.stringify({ ...facts, tls: tls ?? undefined });
}

export function unpackConnection(json: string): ConnectionFacts {
  return { tls: null, ...(JSON.parse(json) as Omit<ConnectionFacts, 'tls'>) };
}
