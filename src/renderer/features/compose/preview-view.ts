import type { PreparedRequest, RequestCodeKind } from '#shared/contract/preview.ts';
import type { Client } from '../../base/client.ts';

type PreviewInput = Parameters<Client['preview']['render']>[0];

/** What an attempt before the one that is shown can have ended in. */
export type LastOutcome = NonNullable<PreviewInput['lastOutcome']>;

/** How a request is looked at: as which attempt, when, and in which language as code. */
export interface PreviewView {
  readonly code: RequestCodeKind;
  readonly attempt: number;
  readonly lastOutcome: LastOutcome;
  /** Null for now. */
  readonly atMs: number | null;
  /** Whether it is told which line of the template made what of the body. */
  readonly isTraced: boolean;
}

/** The first attempt, made now. */
export const firstView: PreviewView = { code: 'curl', attempt: 1, lastOutcome: 'http_status', atMs: null, isTraced: false };

/** Whether it is the first attempt, made now. */
export function isFirstNow({ attempt, atMs }: PreviewView): boolean {
  return attempt === 1 && atMs === null;
}

/** What the preview is asked for beside the event and its target. */
export function viewFields({
  code,
  attempt,
  lastOutcome,
  atMs,
  isTraced,
}: PreviewView): Pick<PreviewInput, 'as' | 'attempt' | 'lastOutcome' | 'atMs' | 'withOrigin'> {
  return {
    attempt,
    lastOutcome,
    ...(atMs === null ? {} : { atMs }),
    ...(isTraced ? { withOrigin: true } : {}),
    // The command for curl is in every answer.
    ...(code === 'curl' ? {} : { as: code }),
  };
}

/** The code that is looked at; null while the request is still that of another language. */
export function shownCode({ curl, code }: Pick<PreparedRequest, 'curl' | 'code'>, kind: RequestCodeKind) {
  if (kind === 'curl') return { text: curl, notes: [] };
  return code?.as === kind ? code : null;
}

/** Outcomes as they are chosen. */
export const lastOutcomeLabels: Readonly<Record<LastOutcome, string>> = {
  http_status: 'an answer with 500',
  timeout: 'a timeout',
  refused: 'a refused connection',
  reset: 'a broken connection',
  unreachable: 'an address that could not be reached',
  dns: 'a name that could not be looked up',
  tls: 'a TLS error',
  proxy: 'an error of the proxy',
  redirect: 'a redirect that was not followed',
  protocol: 'an answer that is not HTTP',
  incomplete: 'an answer that broke off',
  auth: 'an access token that could not be fetched',
  policy: 'a refusal by a setting of the endpoint',
  template: 'a template that did not render',
  interrupted: 'the end of Hookyard',
  unknown: 'an error of another kind',
};
