import type { Bin, BinResponse } from '#shared/contract/captures.ts';
import type { Signing } from '#shared/contract/signing.ts';
import type { Client } from '../../base/client.ts';
import type { FormWords } from '../../base/form-words.ts';
import { signingText } from '../../ui/signing-text.ts';
import { formatDurationMs, parseDurationMs } from '#shared/duration-text.ts';
import { wireFaultWords } from '#shared/wire-fault-words.ts';
import { draftOfFault, noFault, readFault, type FaultDraft } from './fault-draft.ts';

/** A bin as it is in its form. Headers are text of `Name: value` lines; an empty secret keeps what the bin has. */
export interface BinDraft {
  readonly name: string;
  readonly slug: string;
  readonly status: number;
  readonly headersText: string;
  readonly body: string;
  /** With its unit, such as `500 ms` or `5 s`. */
  readonly delay: string;
  readonly fault: FaultDraft;
  readonly signing: Signing | null;
  readonly secret: string;
  /** Empty for none. */
  readonly publicUrl: string;
  readonly trustsProxy: boolean;
}

/** Headers read from their text, or a sentence about the wrong line. */
export type HeadersReading =
  | { readonly ok: true; readonly headers: Record<string, string | string[]> }
  | { readonly ok: false; readonly message: string };

/** The form of a bin that does not exist yet. */
export const newBinDraft: BinDraft = {
  name: '',
  slug: '',
  status: 200,
  headersText: '',
  body: '',
  delay: '0 s',
  fault: noFault,
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
    status: bin.response.status,
    headersText: Object.entries(bin.response.headers)
      .flatMap(([name, value]) => [value].flat().map((single) => `${name}: ${single}`))
      .join('\n'),
    body: bin.response.body,
    delay: formatDurationMs(bin.response.delayMs),
    fault: draftOfFault(bin.response.fault),
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
  const { status, headers, body, delayMs, fault } = responseOf(draft);
  const response = {
    ...(isEdited('status') ? { status } : {}),
    ...(isEdited('headersText') ? { headers } : {}),
    ...(isEdited('body') ? { body } : {}),
    ...(isEdited('delay') ? { delayMs } : {}),
    ...(isEdited('fault') ? { fault } : {}),
  };
  return {
    ...(isEdited('name') ? { name: draft.name } : {}),
    ...(isEdited('slug') ? { slug: draft.slug } : {}),
    ...(isEdited('signing') ? { signing: draft.signing } : {}),
    ...(isEdited('secret') ? { secrets: [draft.secret] } : {}),
    ...(isEdited('publicUrl') ? { publicUrl: publicUrlOf(draft) } : {}),
    ...(isEdited('trustsProxy') ? { trustsProxy: draft.trustsProxy } : {}),
    ...(Object.keys(response).length === 0 ? {} : { response }),
  };
}

/** Reads `Name: value` lines; a repeated name is sent several times. */
export function readHeaders(text: string): HeadersReading {
  const headers = new Map<string, string | string[]>();
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const colon = line.indexOf(':');
    if (colon < 1) return { ok: false, message: `Line ${index + 1}: write each header as Name: value.` };
    const name = line.slice(0, colon).trim();
    const value = line.slice(colon + 1).trim();
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : [before, value].flat());
  }
  return { ok: true, headers: Object.fromEntries(headers) };
}

/** What the form says the bin answers with; headers and a delay that cannot be read are left out. */
export function responseOf(draft: BinDraft): BinResponse {
  const reading = readHeaders(draft.headersText);
  const fault = readFault(draft.fault);
  return {
    status: draft.status,
    headers: reading.ok ? reading.headers : {},
    body: draft.body,
    delayMs: parseDurationMs(draft.delay) ?? 0,
    fault: fault.ok ? fault.fault : null,
  };
}

/** The public URL as it was typed, or null. */
export function publicUrlOf({ publicUrl }: Pick<BinDraft, 'publicUrl'>): string | null {
  const typed = publicUrl.trim();
  return typed === '' ? null : typed;
}

function faultTitle({ kind }: FaultDraft): string {
  return kind === 'none' ? 'None' : wireFaultWords[kind].title;
}

/** The path that the engine makes of a name: `My bin!` becomes `my-bin`. Empty when nothing of the name can be used. */
export function slugOf(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}+/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replace(/^-+|-+$/g, '');
}
