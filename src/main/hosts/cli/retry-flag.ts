import type { z } from 'zod';
import { retryPolicyChoice, retryPresetNames, type RetryPolicyChoice } from '#shared/contract/retry-choice.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import { parseJsonOption } from './input.ts';

const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** Reads `--retry`: a preset's name, delays such as `1s,30s,5m`, or a policy as JSON. */
export function parseRetry(text: string): RetryPolicyChoice {
  const choice = readPolicy(text, '--retry');
  if (choice !== null) return choice;
  throw usageError(`--retry ${text} is not a policy: use ${retryPresetNames.join(', ')}, delays such as 1s,30s,5m, or a policy as JSON.`);
}

/** The same for any option, with null for a text that is none of them. Throws a usage error for JSON that is not a policy, with what is wrong. */
export function readPolicy(text: string, option: string): RetryPolicyChoice | null {
  if (!text.trim().startsWith('{')) return retryPolicyChoice.safeParse(parseDelays(text) ?? text).data ?? null;
  const { data, error } = retryPolicyChoice.safeParse(parseJsonOption(text, option));
  if (data !== undefined) return data;
  throw usageError(`${option} ${text} cannot be used: ${error?.issues.map(issueText).join(' ')}`);
}

function issueText(issue: z.core.$ZodIssue): string {
  const inner = issue.code === 'invalid_union' ? issue.errors.findLast((issues) => issues.length > 0)?.[0] : undefined;
  const { path, message } = inner ?? issue;
  return `${path.length === 0 ? '' : `${path.join('.')}: `}${message.replace(/\.?$/, '.')}`;
}

function parseDelays(text: string): { readonly kind: 'schedule'; readonly delaysMs: readonly number[] } | null {
  const delays = text.split(',').map((part) => /^\s*(\d+(?:\.\d+)?)(ms|s|m|h)\s*$/.exec(part));
  if (delays.some((match) => match === null)) return null;
  return { kind: 'schedule', delaysMs: delays.map((match) => Math.round(Number(match?.[1]) * unitMs[match?.[2] as keyof typeof unitMs])) };
}
