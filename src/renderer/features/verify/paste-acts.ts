import type { StoreApi } from 'zustand/vanilla';
import { pasteLimitBytes } from '#shared/import/limits.ts';
import { pastedKindNames, refusedPaste, type Pasted } from '#shared/import/pasted.ts';
import type { PasteReader } from '../../base/paste-reader.ts';
import { bytesText } from '../../base/size-format.ts';
import { withLineEnding, type PastedPart } from './exact-text.ts';
import { fillWith, importPaste, type Imported } from './imported.ts';
import type { PasteReading } from './paste-reading.ts';
import { emptyInput, isSameRequest, requestFieldsOf, type VerifyInput } from './verify-input.ts';
import type { Replaced, VerifyState, VerifyStore } from './verify-state.ts';

/** What taking pastes needs of the form. */
interface Form extends Pick<StoreApi<VerifyState>, 'getState' | 'setState'> {
  readonly replaceInput: (input: VerifyInput, imported?: Imported | null, replaced?: Replaced | null) => void;
  readonly change: VerifyStore['change'];
  readonly leaveHead: VerifyStore['leaveHead'];
}

type PasteActs = Pick<VerifyStore, 'undoPaste' | 'setHead' | 'takePaste' | 'takeBody' | 'readFile' | 'takeFile' | 'readAs' | 'chooseEntry'>;

/** Fills the form of Verify from what is pasted or dropped. */
export function createPasteActs(
  { getState: get, setState: set, replaceInput, change, leaveHead }: Form,
  pastes: PasteReader,
  { read: readOne }: PasteReading,
): PasteActs {
  /** What stands in the form before a paste; null where nothing does, or where the paste is beside it. */
  const replacedBy = (part: PastedPart): Replaced | null => {
    const { input, imported, fromLog } = get();
    const request = requestFieldsOf(input);
    return part === 'part' || isSameRequest(request, emptyInput) ? null : { request, imported, fromLog };
  };

  const fill = ({ form, ...imported }: ReturnType<typeof importPaste>, replaced: Replaced | null): string => {
    const { kind, choices, headers, body, problems } = imported.reading;
    if (headers.length === 0 && body === null && problems.length > 0) return tell(imported, get().input.head);
    replaceInput({ ...get().input, ...form }, imported, replaced);
    return `Read as ${pastedKindNames[kind]}${choices === undefined ? '' : `, with ${choices.length} requests to choose from`}`;
  };

  /** Shows why a paste cannot be used, and leaves the rest of the form as it is. */
  const tell = (imported: Imported, head: string): string => {
    const input = { ...get().input, head };
    replaceInput(input, { ...imported, filled: input });
    return imported.reading.problems[0]?.message ?? '';
  };

  /** Reads what may be large. What cannot be read is told in the form. */
  const readLarge = <T>(name: string, work: (signal: AbortSignal) => Promise<T>): Promise<T | null> =>
    readOne(name, work, (message) => tell(refused(name, message), get().input.head));

  return {
    undoPaste: () => {
      const { input, replaced } = get();
      if (replaced === null) return;
      replaceInput({ ...input, ...replaced.request }, replaced.imported);
      set({ fromLog: replaced.fromLog });
    },
    setHead: (head, pasted) => {
      const { body, file } = get().input;
      const isBodyFree = body === '' && file === null;
      const read = pasted === null ? null : importPaste({ text: head }, null);
      if (read !== null && pasted !== null && isTakenWhole(read.reading, isBodyFree, pasted)) return fill(read, replacedBy(pasted));
      if (read?.reading.kind === 'unread' || (read?.reading.kind === 'body' && read.reading.problems.length > 0)) return tell(read, head);
      change({ head });
      return read === null ? null : leaveHead();
    },
    takePaste: async (text) => {
      const read = await readLarge('the pasted text', (signal) => pastes.read({ text }, null, signal));
      return read === null ? null : fill(fillWith({ text }, null, read), replacedBy('whole'));
    },
    takeBody: async (text) => {
      const { encoding, lineEnding } = get().input;
      if (text.length > pasteLimitBytes) return tell(tooLarge('pasted text', text.length), get().input.head);
      const exact = encoding === 'text' ? withLineEnding(text, lineEnding) : text;
      const body = await readLarge('the pasted body', (signal) => pastes.decode(exact, encoding, signal));
      if (body === null) return null;
      if (!body.ok) return tell(refused('pasted text', body.message), get().input.head);
      change({ file: { name: 'pasted body', bytes: body.bytes } });
      return 'The body is the pasted text';
    },
    readFile: async (file) => {
      // Not even read: the page would stand still for it.
      if (file.size > pasteLimitBytes) return tell(tooLarge(file.name, file.size), get().input.head);
      return new Uint8Array(await file.arrayBuffer());
    },
    takeFile: async (name, bytes) => {
      const read = await readLarge(name, (signal) => pastes.read({ bytes }, null, signal));
      if (read === null) return null;
      const { kind, confidence } = read;
      if (get().input.head.trim() === '' && kind !== 'body' && kind !== 'nothing' && confidence !== 'possible')
        return fill(fillWith({ bytes }, name, read), replacedBy('whole'));
      change({ file: { name, bytes } });
      return `The body is ${name}`;
    },
    readAs: async (kind) => {
      const { imported } = get();
      if (imported === null) return;
      const { source, fileName } = imported;
      const read = await readLarge(fileName ?? 'the pasted text', (signal) => pastes.read(source, kind, signal));
      if (read !== null) fill(fillWith(source, fileName, read), get().replaced);
    },
    chooseEntry: async (index) => {
      const { imported } = get();
      if (imported === null) return;
      const { source, fileName, reading } = imported;
      const read = await readLarge(fileName ?? 'the pasted text', (signal) => pastes.choose(reading, index, signal));
      if (read !== null) fill(fillWith(source, fileName, read, index), get().replaced);
    },
  };
}

/**
 * Whether a paste fills the whole form: what is no plain lines of headers always does. Lines do where the body is free, or where they
 * are all that stands in the field and bring a body along: so nobody's body is replaced by a part of another request.
 */
function isTakenWhole({ kind, confidence, headers, body, problems }: Pasted, isBodyFree: boolean, part: PastedPart): boolean {
  switch (kind) {
    case 'curl':
    case 'curl_output':
    case 'http_file':
    case 'httpie':
    case 'wget':
    case 'powershell':
    case 'fetch':
    case 'python':
    case 'har':
    case 'postman':
    case 'request_json':
    case 'headers_json':
    case 'printed':
    case 'log':
      return headers.length > 0 || problems.length === 0;
    case 'body':
      return isBodyFree && problems.length === 0;
    case 'raw_request':
    case 'headers':
    case 'headers_and_body':
      return (isBodyFree || (part === 'whole' && body !== null && body.length > 0)) && confidence !== 'possible';
    case 'unread':
    case 'nothing':
      return false;
  }
}

/** What is shown of something that cannot be used. */
function refused(name: string, message: string): Imported {
  const { head, body, encoding, lineEnding, file } = emptyInput;
  return {
    source: {},
    fileName: name,
    reading: refusedPaste('nothing', message),
    choice: 0,
    filled: { head, body, encoding, lineEnding, file },
  };
}

function tooLarge(name: string, bytes: number): Imported {
  const most = pasteLimitBytes / 1_048_576;
  return refused(
    name,
    `The ${name === 'pasted text' ? name : `file ${name}`} has ${bytesText(bytes)}, and this page accepts at most ${most} MiB. Verify it on the command line: hookyard verify --headers FILE --body FILE.`,
  );
}
