import { retryPolicyChoice, retryPresetNames, type RetryPolicyChoice } from '#shared/contract/retry.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import { parseJsonOption } from './input.ts';

const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** Reads `--retry`: a preset's name, delays such as `1s,30s,5m`, or a policy as JSON. */
export function parseRetry(text: string): RetryPolicyChoice {
  const choice = retryPolicyChoice.safeParse(text.trim().startsWith('{') ? parseJsonOption(text, '--retry') : (parseDelays(text) ?? text));
  if (choice.success) return choice.data;
  throw usageError(`--retry ${text} is not a policy: use ${retryPresetNames.join(', ')}, delays such as 1s,30s,5m, or a policy as JSON.`);
}

function parseDelays(text: string): { readonly kind: 'schedule'; readonly delaysMs: readonly number[] } | null {
  const delays = text.split(',').map((part) => /^\s*(\d+(?:\.\d+)?)(ms|s|m|h)\s*$/.exec(part));
  if (delays.some((match) => match === null)) return null;
  return { kind: 'schedule', delaysMs: delays.map((match) => Math.round(Number(match?.[1]) * unitMs[match?.[2] as keyof typeof unitMs])) };
}
