import type { NamedPolicy } from '#shared/contract/policies.ts';
import type { RetryPolicy } from '#shared/contract/retry.ts';
import { resolveRetryPolicy } from '#shared/contract/retry-choice.ts';
import type { FormWords } from '../../base/form-words.ts';
import { policyDraftOf, policyOf, type PolicyDraft } from './policy-draft.ts';
import { policyDraftText } from './policy-text.ts';

/** A named policy while it is edited. */
export interface NamedDraft {
  readonly name: string;
  readonly description: string;
  readonly policy: PolicyDraft;
}

/** What a new named policy begins as: three attempts, a minute and then ten minutes apart. */
export const newNamed: NamedDraft = {
  name: '',
  description: '',
  policy: policyDraftOf({ kind: 'schedule', delaysMs: [60_000, 600_000], jitter: { kind: 'none' } }),
};

/** The draft of a named policy as it is. */
export function namedDraftOf({ name, description, policy }: NamedPolicy): NamedDraft {
  return { name, description, policy: policyDraftOf(policy) };
}

/** The draft with the figures of a preset in place of its own. */
export function withPreset(draft: NamedDraft, preset: Parameters<typeof resolveRetryPolicy>[0]): NamedDraft {
  return { ...draft, policy: policyDraftOf(resolveRetryPolicy(preset)) };
}

/** What `policies.create` and `update` take, or what cannot be read. */
export function readNamed(
  draft: NamedDraft,
): { readonly value: { name: string; description: string; policy: RetryPolicy } } | { readonly message: string } {
  const read = policyOf(draft.policy);
  return 'message' in read ? read : { value: { name: draft.name.trim(), description: draft.description, policy: read.policy } };
}

/** The fields of the form. */
export const namedWords: FormWords = [
  { name: 'name', label: 'Name' },
  { name: 'description', label: 'Description' },
  { name: 'policy', label: 'Schedule', say: (value) => policyDraftText(value as PolicyDraft, []) },
];
