import { Command } from 'commander';
import type { DecodedBody } from '#shared/contract/bodies.ts';
import type { Capture } from '#shared/contract/captures.ts';
import type { RelayVerdicts } from '#shared/contract/relay-verdicts.ts';
import { optionOf } from '#hosts/shared/command-line.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import type { RefusedRequest, RefusedSummary } from '#shared/contract/refused-requests.ts';
import { compareCommand } from './compare.ts';
import { deleteCommand, exportCommand, markCommand } from './capture-marks.ts';
import { replayCaptureCommand } from './capture-replay.ts';
import { saveAsCommand } from './capture-save.ts';
import { transitCommand } from './capture-transit.ts';
import { addCaptureFlags, captureFlagNames, readCaptures, type CaptureFlags } from '../capture-flags.ts';
import { findBin } from '../find-bin.ts';
import { addHostFlags, addListFlags, ask, noteNext, noteSearchedInPart, pageOf, type HostFlags, type ListFlags } from '../listing.ts';
import { formatTime, printNote, table } from '../output.ts';

interface CaptureListFlags extends ListFlags, CaptureFlags {
  readonly refused?: boolean;
}

/** The `captures` commands. */
export function capturesCommand(): Command {
  const list = addCaptureFlags(addListFlags(new Command('list').description('List captures, newest first')))
    .option('--refused', 'refused requests with the reason, instead of captures')
    .action(async (flags: CaptureListFlags) => {
      if (flags.refused === true) return await listRefused(flags);
      return await ask(
        flags,
        async (client) => await client.captures.list({ ...pageOf(flags), ...(await readCaptures(client, flags)) }),
        ({ items, next, searchedInPart, warnings }) => {
          noteNext(next);
          noteSearchedInPart(searchedInPart);
          for (const { message } of warnings) printNote(message);
          return table(
            ['ID', 'RECEIVED', 'METHOD', 'BYTES', 'VERDICT', 'STATUS', 'ANSWERED BY', 'EVENT', 'EVENT ID', 'TARGET'],
            items.map((row) => [
              row.id,
              formatTime(row.receivedAtMs),
              row.method,
              `${row.bodyBytes}${row.isBodyTruncated ? ' cut' : ''}`,
              row.verdict ?? '-',
              row.answeredBy?.kind === 'unanswered' ? '-' : String(row.status),
              [row.answeredBy?.label, row.fault === null ? undefined : `fault: ${row.fault}`].filter(Boolean).join(', ') || '-',
              row.eventType ?? '-',
              row.messageId ?? '-',
              row.target,
            ]),
          );
        },
      );
    });
  const show = addHostFlags(
    new Command('show')
      .description('Show a captured request, or one that was refused')
      .argument('<id>', 'id of the capture or refused request'),
  )
    .option('--decoded', 'the body unpacked and as text (gzip, deflate, br, zstd, charsets), up to 4 MiB')
    .action(async (id: string, flags: HostFlags & { readonly decoded?: boolean }) => {
      if (id.startsWith('ref_')) return await ask(flags, (client) => client.refusedRequests.get({ id }), describeRefused);
      return await ask(
        flags,
        async (client) => {
          const [capture, relays] = await Promise.all([client.captures.get({ id }), client.relays.ofCapture({ id })]);
          const shown = { ...capture, relays };
          return flags.decoded === true ? { ...shown, decoded: await client.captures.decoded({ id }) } : shown;
        },
        describeCapture,
      );
    });
  return new Command('captures')
    .description('Look at captured requests, send them on, and save them as something else')
    .addCommand(list)
    .addCommand(show)
    .addCommand(transitCommand())
    .addCommand(compareCommand())
    .addCommand(replayCaptureCommand())
    .addCommand(saveAsCommand())
    .addCommand(markCommand())
    .addCommand(exportCommand())
    .addCommand(deleteCommand());
}

/** What answered and why; a bin's own answer and its steps are named by why it came. */
function answeredText({ response, answeredBy }: Capture): string {
  if (answeredBy === null) return `Answered ${response.status}`;
  const { kind, label, why } = answeredBy;
  if (kind === 'unanswered') return `Not answered: ${why}`;
  const isToldByWhy = kind === 'own' || kind === 'fallback' || kind === 'target';
  return `Answered ${response.status}${isToldByWhy ? '' : `, ${label}`}: ${why}`;
}

/** The request as it came, or its body decoded. For a body that is not UTF-8 text only the size is printed, since a terminal would garble it. */
function describeCapture(capture: Capture & { readonly relays: RelayVerdicts; readonly decoded?: DecodedBody }): string {
  const lines = [
    `${capture.method} ${capture.target} HTTP/${capture.httpVersion}`,
    ...capture.headers.map(([name, value]) => `${name}: ${value}`),
    '',
    capture.decoded === undefined ? rawBodyText(capture) : decodedText(capture.decoded),
  ];
  if (capture.isBodyTruncated)
    lines.push(
      '',
      `The body is cut: only its first ${capture.bodyBytes} bytes are here, since it did not come whole or is over the limit.`,
    );
  lines.push('', answeredText(capture));
  if (capture.verification !== null) lines.push('', `${capture.verification.verdict}: ${capture.verification.message}`);
  return [...lines, '', ...relayLines(capture.relays)].join('\n');
}

/** What became of it at each relay, and the conditions that it does not meet. */
function relayLines({ message, relays }: RelayVerdicts): readonly string[] {
  return [
    message,
    ...relays.flatMap((relay) => [
      `${relay.name}: ${relay.message}`,
      ...relay.unmet.map(({ target, condition, found }) => `  ${target === null ? '' : `${target} asks for `}${condition}  ${found}`),
    ]),
  ];
}

function rawBodyText({ bodyBase64, bodyBytes }: Capture): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(bodyBase64, 'base64'));
  } catch {
    return `(${bodyBytes} bytes that are not UTF-8 text; --decoded unpacks them, --json gives them in base64)`;
  }
}

function decodedText({ charset, bodyBase64, summary, isCut, problems }: DecodedBody): string {
  const body = Buffer.from(bodyBase64, 'base64');
  const text = charset === null ? `(${body.byteLength} bytes that are not text; --json gives them in base64)` : body.toString('utf8');
  return [`(${summary}${isCut ? '; the beginning follows' : ''})`, ...problems.map((problem) => `(${problem})`), text].join('\n');
}

async function listRefused(flags: CaptureListFlags): Promise<void> {
  const given = captureFlagNames.find((name) => name !== 'bin' && name !== 'q' && flags[name] !== undefined);
  if (given !== undefined) throw usageError(`Refused requests are chosen by --bin and --q: leave out --${optionOf(given)}.`);
  await ask(
    flags,
    async (client) =>
      await client.refusedRequests.list({
        ...pageOf(flags),
        ...(flags.bin === undefined ? {} : { binId: await findBin(client, flags.bin) }),
        ...(flags.q === undefined ? {} : { q: flags.q }),
      }),
    ({ items, next }) => {
      noteNext(next);
      return table(
        ['ID', 'RECEIVED', 'BYTES', 'STATUS', 'REASON', 'SEEN'],
        items.map((row) => [
          row.id,
          formatTime(row.receivedAtMs),
          String(row.receivedBytes),
          String(row.status ?? '-'),
          row.reason,
          `${row.seen}${moreText(row)}`,
        ]),
      );
    },
  );
}

function moreText({ more, lastAtMs }: Pick<RefusedSummary, 'more' | 'lastAtMs'>): string {
  return more === 0 ? '' : ` And ${more} more for the same reason, whatever path they asked for, until ${formatTime(lastAtMs)}.`;
}

/** Why a request was refused, what to change, and its first bytes; bytes that are not text are given in hex. */
function describeRefused(refused: RefusedRequest): string {
  const bytes = Buffer.from(refused.firstBytesBase64, 'base64');
  const text = bytes.toString('utf8');
  // Characters that a terminal would obey are written out when it is printed.
  const isText = Buffer.from(text, 'utf8').equals(bytes) && !text.includes('\0');
  return [
    `Refused: ${refused.seen}${moreText(refused)}`,
    refused.advice,
    `${refused.receivedBytes} bytes from ${refused.remoteAddress}, ${refused.status === null ? 'not answered' : `answered ${refused.status}`}`,
    '',
    isText ? text : (bytes.toString('hex').match(/.{1,64}/g) ?? []).join('\n'),
  ].join('\n');
}
