import { InvalidArgumentError, Option, type Command } from 'commander';
import { wholeNumber } from '#hosts/shared/command-line.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import type { HeaderField } from '#shared/contract/common.ts';
import { parseHeaderText, type HeaderText } from '#shared/header-text.ts';
import { absentBodyOf } from '#shared/import/body-gap.ts';
import { cutNotes } from '#shared/import/cut-body.ts';
import { bodyEncodings, decodeDeclaredBody, type BodyEncoding } from '#shared/text/declared-body.ts';
import { chooseRequest, parsePasted, withDeclaredBody } from '#shared/import/parse-pasted.ts';
import { pastedKindNames, readableKinds, type Pasted, type ReadableKind } from '#shared/import/pasted.ts';
import type { FileReader } from './input.ts';
import { printNote } from './output.ts';

/** The parsed options about the request to verify. */
export interface RequestFlags {
  readonly headers?: string;
  readonly body?: string;
  readonly bodyEncoding: BodyEncoding;
  readonly request?: string;
  readonly readAs?: ReadableKind;
  readonly entry?: number;
  readonly capture?: string;
  readonly attempt?: string;
  readonly url?: string;
  readonly method?: string;
}

/** A request for the contract: given, or by its id in a workspace. */
export type ChosenRequest =
  | {
      readonly kind: 'given';
      readonly request: {
        readonly method?: string;
        readonly url?: string;
        readonly headers: HeaderField[];
        readonly bodyBase64: string;
        readonly bodyGap?: string;
      };
    }
  | { readonly kind: 'stored'; readonly choice: { readonly captureId: string } | { readonly attemptId: string } };

const wordOf = (kind: ReadableKind) => kind.replaceAll('_', '-');
const kindWords = readableKinds.map(wordOf);

/** At most this many requests are listed when one has to be chosen. */
const listedEntries = 30;

/** Adds the options that say which request is meant. */
export function addRequestFlags(command: Command): Command {
  return command
    .option(
      '--request <file>',
      'the whole request as people paste it: raw, a command, HAR, JSON, a log, or headers with body; - is standard input',
    )
    .addOption(new Option('--read-as <kind>', `what that file is, where it is not recognised: ${kindWords.join(', ')}`).argParser(readAsOf))
    .option(
      '--entry <n>',
      'which of several requests in that file, from 1 (default: the only one with a signature)',
      wholeNumber(1, 100_000),
    )
    .option('--capture <id>', 'a request that a bin of the running host captured')
    .option('--attempt <id>', 'a request that an attempt of the running host sent')
    .option('--headers <file>', "the request's header lines, - is standard input")
    .option('--body <file>', 'the exact body, - is standard input; with --request it stands in for the body there')
    .addOption(new Option('--body-encoding <encoding>', 'how the body is written').default('text').argParser(bodyEncodingOf))
    .option('--url <url>', 'URL of the request, for schemes that sign it')
    .option('--method <method>', 'method of the request, for schemes that sign it');
}

function readAsOf(text: string): ReadableKind {
  const kind = readableKinds.find((known) => wordOf(known) === text.toLowerCase().replaceAll('_', '-'));
  if (kind === undefined) throw new InvalidArgumentError(`Use ${kindWords.join(', ')}.`);
  return kind;
}

function bodyEncodingOf(text: string): BodyEncoding {
  const encoding = bodyEncodings.find((known) => known === text);
  if (encoding === undefined) throw new InvalidArgumentError(`Use ${bodyEncodings.join(', ')}.`);
  return encoding;
}

/** The request of the options; warnings go to standard error. Throws a usage error unless there is exactly one. */
export function readRequest(flags: RequestFlags, files: FileReader): ChosenRequest {
  const { request, capture, attempt, headers } = flags;
  const named = [request, capture, attempt, headers].filter((flag) => flag !== undefined);
  if (named.length > 1) throw usageError('Give only one of --request, --headers, --capture and --attempt.');
  if (capture !== undefined || attempt !== undefined) {
    if (flags.body !== undefined) throw usageError('Leave --body out: a capture or attempt has its own.');
    return { kind: 'stored', choice: capture === undefined ? { attemptId: attempt ?? '' } : { captureId: capture } };
  }
  if (flags.readAs !== undefined && request === undefined) throw usageError('--read-as goes with --request.');
  if (request !== undefined) return pastedRequest(request, flags, files);
  if (headers === undefined || flags.body === undefined)
    throw usageError('Say which request: --request FILE, --capture ID, --attempt ID, or --headers FILE with --body FILE.');
  return givenRequest(readHeaders(files.text(headers, '--headers')), bodyOf(flags.body, flags, files), null, flags);
}

function givenRequest(
  { headers, method }: Pick<HeaderText, 'headers' | 'method'>,
  body: Uint8Array,
  url: string | null,
  flags: RequestFlags,
  bodyGap: string | null = null,
): ChosenRequest {
  const usedUrl = flags.url ?? url;
  const usedMethod = flags.method ?? method;
  return {
    kind: 'given',
    request: {
      headers: [...headers],
      bodyBase64: Buffer.from(body).toString('base64'),
      ...(usedUrl === null ? {} : { url: usedUrl }),
      ...(usedMethod === null ? {} : { method: usedMethod }),
      ...(bodyGap === null ? {} : { bodyGap }),
    },
  };
}

function bodyOf(path: string, { bodyEncoding }: RequestFlags, files: FileReader): Uint8Array {
  const bytes = files.bytes(path, '--body');
  for (const note of bodyEncoding === 'text' ? cutNotes(bytes) : []) printNote(`--body: ${note}`);
  if (bodyEncoding === 'text') return bytes;
  const decoded = decodeDeclaredBody(Buffer.from(bytes).toString('latin1'), bodyEncoding);
  if (!decoded.ok) throw usageError(`--body is not ${bodyEncoding}: ${decoded.message}`);
  for (const note of decoded.notes) printNote(`--body: ${note}`);
  return decoded.bytes;
}

/** A request in any of the forms people have; without a body in it, one of 0 bytes is taken. */
function pastedRequest(path: string, flags: RequestFlags, files: FileReader): ChosenRequest {
  const pasted = chosenEntry(parsePasted({ bytes: files.bytes(path, '--request') }, flags.readAs ?? null), flags.entry);
  const ownBody = flags.body === undefined ? null : bodyOf(flags.body, flags, files);
  const read = ownBody === null ? withDeclaredBody(pasted, flags.bodyEncoding) : pasted;
  const problems = read.problems.map(({ line, message }) => `${line === undefined ? '' : `line ${line}: `}${message}`);
  if (read.kind === 'unread')
    throw usageError(
      `--request could not be read: ${problems.join(' ').replace('with Read as.', 'with --read-as KIND.')} To take it for a body, give --read-as body.`,
    );
  if (read.headers.length === 0 && read.body === null) throw usageError(`--request has no request in it. ${problems.join(' ')}`.trim());
  printNote(`--request: read as ${pastedKindNames[read.kind]}`);
  for (const sentence of [...problems, ...read.notes]) printNote(`--request: ${sentence}`);
  const bodyGap = ownBody === null ? (absentBodyOf(read)?.why ?? null) : null;
  return givenRequest(read, ownBody ?? read.body ?? new Uint8Array(), read.url, flags, bodyGap);
}

function chosenEntry(pasted: Pasted, entry: number | undefined): Pasted {
  const { choices } = pasted;
  if (choices === undefined) {
    if (entry !== undefined && entry > 1) throw usageError(`--entry ${entry} is not there: --request holds one request.`);
    return pasted;
  }
  if (entry === undefined && choices.filter(({ isSigned }) => isSigned).length === 1) return pasted;
  if (entry === undefined) {
    const listed = choices.slice(0, listedEntries).map(({ label, isSigned }) => `  ${label}${isSigned ? ', with a signature' : ''}`);
    const rest = choices.length > listedEntries ? [`  and ${choices.length - listedEntries} more`] : [];
    throw usageError([`--request holds ${choices.length} requests; choose one with --entry N:`, ...listed, ...rest].join('\n'));
  }
  if (entry > choices.length) throw usageError(`--entry ${entry} is not there: --request holds ${choices.length} requests.`);
  return chooseRequest(pasted, entry - 1);
}

/** Lines that are not headers are skipped with a note; a file without any header is a usage error. */
function readHeaders(text: string): HeaderText {
  const read = parseHeaderText(text);
  const problems = read.problems.map(({ line, message }) => `${line === null ? '' : `line ${line}: `}${message}`);
  if (read.headers.length === 0 && problems.length > 0) throw usageError(`--headers has no header in it. ${problems[0] ?? ''}`);
  for (const problem of problems) printNote(`--headers, ${problem}`);
  return read;
}
