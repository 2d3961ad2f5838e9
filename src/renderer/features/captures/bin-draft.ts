import type { BinResponse } from '#shared/contract/bin-response.ts';
import type { Bin } from '#shared/contract/bins.ts';
import type { Signing } from '#shared/contract/signing.ts';
import type { Client } from '../../base/client.ts';
import type { FormWords } from '../../base/form-words.ts';
import { signingText } from '../../ui/signing-text.ts';
import { wireFaultWords } from '#shared/wire-fault-words.ts';
import { countText } from '../../base/size-format.ts';
import {
  answersDraftOf,
  newAnswers,
  newResponse,
  planText,
  readAnswers,
  readResponseDraft,
  responseDraftOf,
  type AnswersDraft,
  type PlanDraft,
  type ResponseDraft,
  type RuleDraft,
} from './answers-draft.ts';
import type { FaultDraft } from './fault-draft.ts';

/** A bin as it is in its form. Headers are text of `Name: value` lines; an empty secret keeps what the bin has. */
export interface BinDraft extends ResponseDraft, AnswersDraft {
  readonly name: string;
  readonly slug: string;
  readonly signing: Signing | null;
  readonly secret: string;
  /** Empty for none. */
  readonly publicUrl: string;
  readonly trustsProxy: boolean;
}

/** The form of a bin that does not exist yet. */
export const newBinDraft: BinDraft = {
  name: '',
  slug: '',
  ...newResponse,
  ...newAnswers,
  signing: null,
  secret: '',
  publicUrl: '',
  trustsProxy: false,
};

/** The form as it is for a bin. */
export function draftOfBin(bin: Bin): BinDraft {
  return {
    name: bin.name,
    slug: bin.slug,
    ...responseDraftOf(bin.response),
    ...answersDraftOf(bin.answers),
    signing: bin.signing,
    secret: '',
    publicUrl: bin.publicUrl ?? '',
    trustsProxy: bin.trustsProxy,
  };
}

/** The fields of the form; `schemeTitle` names a signature scheme. */
export function binWords(schemeTitle: (id: string) => string): FormWords {
  return [
    { name: 'status', label: 'Status' },
    { name: 'delay', label: 'Delay' },
    { name: 'headersText', label: 'Headers' },
    { name: 'body', label: 'Body' },
    { name: 'fault', label: 'Fault on the connection', say: (value) => faultTitle(value as FaultDraft) },
    { name: 'isTemplate', label: 'Fill in', say: (value) => (value === true ? 'yes' : 'no') },
    { name: 'plan', label: 'Sequence and failures', say: (value) => planText(value as PlanDraft) || 'none' },
    { name: 'rules', label: 'Rules', say: (value) => countText((value as readonly RuleDraft[]).length, 'rule', 'rules') },
    { name: 'handshakes', label: 'Handshakes', say: (value) => (typeof value === 'string' ? value : (value as string[]).join(', ')) },
    { name: 'verifyToken', label: 'Verify token' },
    { name: 'refuse', label: 'Refusals', say: (value) => refuseText(value as AnswersDraft['refuse']) },
    { name: 'signing', label: 'Check captures by', say: (value) => signingText(value as Signing | null, schemeTitle, 'Not checked') },
    { name: 'secret', label: 'Secret' },
    { name: 'name', label: 'Name' },
    { name: 'slug', label: 'Path' },
    { name: 'publicUrl', label: 'Public URL' },
    { name: 'trustsProxy', label: 'Believes its proxy', say: (value) => (value === true ? 'Yes' : 'No') },
  ];
}

/** What `bins.update` takes: the edited fields only, so that what somebody else changed stays. */
export function binPatch(draft: BinDraft, edited: readonly (keyof BinDraft)[]): Omit<Parameters<Client['bins']['update']>[0], 'id'> {
  const isEdited = (field: keyof BinDraft) => edited.includes(field);
  const { status, headers, body, delayMs, isTemplate, fault } = responseOf(draft);
  const { answers } = readAnswers(draft);
  const response = {
    ...(isEdited('status') ? { status } : {}),
    ...(isEdited('headersText') ? { headers } : {}),
    ...(isEdited('body') ? { body } : {}),
    ...(isEdited('delay') ? { delayMs } : {}),
    ...(isEdited('fault') ? { fault } : {}),
    ...(isEdited('isTemplate') ? { isTemplate } : {}),
  };
  const { key, sequence, failures, rules, handshakes, refuse, verifyToken } = answers;
  const changed = {
    ...(isEdited('plan') ? { key, sequence, failures } : {}),
    ...(isEdited('rules') ? { rules } : {}),
    ...(isEdited('handshakes') ? { handshakes } : {}),
    ...(isEdited('refuse') ? { refuse } : {}),
    ...(isEdited('verifyToken') && verifyToken !== undefined ? { verifyToken } : {}),
  };
  return {
    ...(isEdited('name') ? { name: draft.name } : {}),
    ...(isEdited('slug') ? { slug: draft.slug } : {}),
    ...(isEdited('signing') ? { signing: draft.signing } : {}),
    ...(isEdited('secret') ? { secrets: [draft.secret] } : {}),
    ...(isEdited('publicUrl') ? { publicUrl: publicUrlOf(draft) } : {}),
    ...(isEdited('trustsProxy') ? { trustsProxy: draft.trustsProxy } : {}),
    ...(Object.keys(response).length === 0 ? {} : { response }),
    ...(Object.keys(changed).length === 0 ? {} : { answers: changed }),
  };
}

/** What the form says the bin answers with; headers and a delay that cannot be read are left out. */
export function responseOf(draft: ResponseDraft): BinResponse {
  return readResponseDraft(draft, 'response').response;
}

/** The public URL as it was typed, or null. */
export function publicUrlOf({ publicUrl }: Pick<BinDraft, 'publicUrl'>): string | null {
  const typed = publicUrl.trim();
  return typed === '' ? null : typed;
}

function faultTitle({ kind }: FaultDraft): string {
  return kind === 'none' ? 'None' : wireFaultWords[kind].title;
}

function refuseText({ unverified, seenBefore }: AnswersDraft['refuse']): string {
  const refused = [...(unverified ? ['not verified'] : []), ...(seenBefore ? ['seen before'] : [])];
  return refused.length === 0 ? 'none' : refused.join(', ');
}
