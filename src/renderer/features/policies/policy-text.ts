import { retryPresets } from '#shared/contract/retry-presets.ts';
import type { RetryPresetName } from '#shared/contract/retry-choice.ts';
import { scheduleSummary } from '#shared/schedule-preview.ts';
import type { KnownPolicy } from '../../stores/catalogue-store.ts';
import { policyOf, type PolicyDraft } from './policy-draft.ts';

/** What retries a draft stands for: the name of a preset or of a named policy, else its attempts. */
export function policyDraftText(draft: PolicyDraft, named: readonly KnownPolicy[]): string {
  if (Object.hasOwn(retryPresets, draft.choice)) return retryPresets[draft.choice as RetryPresetName].title;
  const known = named.find(({ id }) => id === draft.choice);
  if (known !== undefined) return known.name;
  if (draft.choice.startsWith('pol_')) return 'a named policy';
  const read = policyOf(draft);
  return 'message' in read ? read.message : scheduleSummary(read.policy, 1);
}
