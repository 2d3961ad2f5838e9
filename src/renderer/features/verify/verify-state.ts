import type { StoreApi } from 'zustand/vanilla';
import type { SolverResult } from '#shared/contract/solving.ts';
import type { SchemeInfo, VerifyAnswer } from '#shared/contract/verifying.ts';
import type { PastedKind } from '#shared/import/pasted.ts';
import type { Problem } from '../../base/problem.ts';
import type { PastedPart } from './exact-text.ts';
import type { FromLog, SecretOwner } from './from-log.ts';
import { isUntouched, type Imported } from './imported.ts';
import type { Missing } from './missing.ts';
import { emptyInput, type RequestFields, type VerifyInput, type VerifyQuestion } from './verify-input.ts';

/** Everything the Verify page shows. */
export interface VerifyState {
  readonly input: VerifyInput;
  readonly schemes: readonly SchemeInfo[];
  readonly owners: readonly SecretOwner[];
  /** The verdict on the current form; null before there is one, and as soon as the form changes. */
  readonly verification: VerifyAnswer | null;
  /** When that verdict was given. */
  readonly checkedAtMs: number | null;
  /** Signatures that were found in the request, as long as its head and scheme are the same. */
  readonly receivedSignatures: number;
  /** A verdict on this input is under way. */
  readonly isStale: boolean;
  /** What is missing for a verdict; null until Check was pressed without enough input. */
  readonly missing: Missing | null;
  readonly problem: Problem | null;
  /** What was last pasted or dropped as a whole request, and how it was read; null once other headers are typed. */
  readonly imported: Imported | null;
  /** The request that the last paste took the place of, while nothing of the pasted one was changed. */
  readonly replaced: Replaced | null;
  /** The request of the log that the form was filled with; null once another head is there. */
  readonly fromLog: Omit<FromLog, 'input'> | null;
  /** The change that was applied last, as long as nothing else was changed since. */
  readonly applied: Applied | null;
  /** The name of a large paste or file that is being read; null while there is none. */
  readonly readingName: string | null;
  /** Why a request of the log could not be opened, and the text that was typed. */
  readonly openProblem: { readonly text: string; readonly problem: Problem } | null;
}

/** A request that stood in the form, and what was told of where it came from. */
export interface Replaced extends Pick<VerifyState, 'imported' | 'fromLog'> {
  readonly request: RequestFields;
}

/** A cause's change that was applied to the form. */
export interface Applied {
  readonly sentence: string;
  /** The form before this change. */
  readonly before: VerifyInput;
  /** The change that was applied before this one. */
  readonly earlier: Applied | null;
  /** What was asked before any change, and the search that found the first cause; null where the verdict itself gave the change. */
  readonly original: { readonly question: VerifyQuestion; readonly search: SolverResult | null };
}

/** The state behind Verify, usable without a window. */
export interface VerifyStore extends StoreApi<VerifyState> {
  readonly load: () => Promise<void>;
  /** Changes some of the input; the verdict follows by itself after a short pause. */
  readonly change: (change: Partial<VerifyInput>) => void;
  /**
   * Takes over the request field. What was pasted is read: a whole request, in whatever form, takes the place of the one that stood
   * there with its body; lines pasted beside others leave a body alone that is there. Returns what to announce, or null.
   */
  readonly setHead: (text: string, pasted: PastedPart | null) => string | null;
  /** Brings back the request that a paste took the place of. */
  readonly undoPaste: () => void;
  /** Fills the form from a paste that is too large for a field. Returns what to announce, or null once another request is read or typed. */
  readonly takePaste: (text: string) => Promise<string | null>;
  /** Takes a paste that is too large for the body's field as bytes. Returns the like. */
  readonly takeBody: (text: string) => Promise<string | null>;
  /** The bytes of a file, or the sentence that is shown because it is too large. */
  readonly readFile: (file: File) => Promise<Uint8Array<ArrayBuffer> | string>;
  /** Takes a dropped file: as the body, or as the whole request where the form has no headers. Returns the like. */
  readonly takeFile: (name: string, bytes: Uint8Array) => Promise<string | null>;
  /** Reads what was pasted as another kind. */
  readonly readAs: (kind: PastedKind) => Promise<void>;
  /** Shows another of the requests that were pasted. */
  readonly chooseEntry: (index: number) => Promise<void>;
  /** Gives up what is being read, and leaves the form as it is. */
  readonly stopReading: () => void;
  /** Cuts what stands behind the first empty line of the request field off into the body. */
  readonly moveRestToBody: () => void;
  /** The same once the field is left, unless there is a body already. Returns what to announce, or null. */
  readonly leaveHead: () => string | null;
  /** Requests a verdict, or sets `missing`. */
  readonly check: () => Promise<void>;
  /** Puts a cause's change into the form, and remembers the request as it came with the search that found the cause. */
  readonly apply: (fields: Partial<VerifyInput>, sentence: string, search: SolverResult | null) => void;
  /** Makes the last change undone. */
  readonly undoApply: () => void;
  readonly clear: () => void;
  readonly showExample: () => void;
  /**
   * Fills the form with a request of the log by the id of a capture, attempt, delivery or message: with the scheme and secrets
   * of its bin or endpoint, and the time at which it came or went. Returns what to announce, or null.
   */
  readonly openFromLog: (text: string) => Promise<string | null>;
}

export const emptyState: VerifyState = {
  input: emptyInput,
  schemes: [],
  owners: [],
  verification: null,
  checkedAtMs: null,
  receivedSignatures: 0,
  isStale: false,
  missing: null,
  problem: null,
  imported: null,
  replaced: null,
  fromLog: null,
  applied: null,
  readingName: null,
  openProblem: null,
};

/** Whether the request field holds a paste that could not be read: what its lines look like is no request to judge. */
export function isUnread({ imported, input }: VerifyState): boolean {
  return imported?.reading.kind === 'unread' && isUntouched(imported, input);
}
