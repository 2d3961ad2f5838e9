import type { Defect } from '#shared/contract/checks.ts';
import type { SeenCase } from '../seen.ts';

/**
 * That a receiver answers with a 5xx or loses a connection now and then: what came once and not again when the same was sent again. It says
 * nothing of what was sent, so no other defect is concluded from it. Null where it was not seen.
 */
export function unsteadyDefect(cases: readonly SeenCase[]): Defect | null {
  const wavering = cases.flatMap((one) => one.wavering);
  if (wavering.length === 0) return null;
  const sent = cases.reduce((sum, one) => sum + one.answers.length + one.wavering.length, 0);
  const lost = wavering.filter(({ status }) => status === null).length;
  const statuses = [...new Set(wavering.flatMap(({ status }) => status ?? []))].toSorted((a, b) => a - b);
  const parts = [
    lost === wavering.length ? null : `answered ${statuses.join(' or ')} to ${wavering.length - lost}`,
    lost === 0 ? null : `gave no complete answer to ${lost}`,
  ];
  const did = parts.filter((part) => part !== null).join(' and ');
  const lostFix =
    'Where connections are lost, let it, and a proxy before it, keep idle connections open for longer than senders do, or close each with Connection: close.';
  return {
    id: 'unsteady',
    level: 'should',
    title: 'It does not always answer the same request alike',
    message: `It ${did} of ${sent} requests, and did not when the same was sent again, so that this says nothing about what was sent.`,
    fix: `Look into its log, and into that of a proxy before it, for these requests.${lost === 0 ? '' : ` ${lostFix}`}`,
    evidence: cases.filter((one) => one.wavering.length > 0).map(({ id }) => id),
    isAboutVerifying: false,
  };
}
