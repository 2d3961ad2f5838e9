import type { Timings } from '#shared/contract/deliveries.ts';

/** One phase of an attempt, placed after the one before. */
export interface Phase {
  readonly name: 'queued' | 'dns' | 'connect' | 'tls' | 'wait' | 'download';
  readonly label: string;
  /** Null where the phase did not happen, because the connection was reused, say. */
  readonly durationMs: number | null;
  readonly startMs: number;
}

/** Phases of an attempt in order, each beginning where the last one ended. */
export function phasesOf(timings: Timings): readonly Phase[] {
  const parts = [
    ['queued', 'Queued', timings.queuedMs],
    ['dns', 'DNS lookup', timings.dnsMs],
    ['connect', 'Connect', timings.connectMs],
    ['tls', 'TLS handshake', timings.tlsMs],
    ['wait', 'Waiting for the answer', timings.firstByteMs],
    ['download', 'Reading the answer', timings.downloadMs],
  ] as const;
  let startMs = 0;
  return parts.map(([name, label, durationMs]) => {
    const phase: Phase = { name, label, durationMs, startMs };
    startMs += durationMs ?? 0;
    return phase;
  });
}
