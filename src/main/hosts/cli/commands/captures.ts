import { Command } from 'commander';
import type { Capture } from '#shared/contract/captures.ts';
import { addHostFlags, addListFlags, ask, noteNext, pageOf, type HostFlags, type ListFlags } from '../listing.ts';
import { formatTime, table } from '../output.ts';

interface CaptureListFlags extends ListFlags {
  readonly bin?: string;
}

/** The `captures` commands. */
export function capturesCommand(): Command {
  const list = addListFlags(new Command('list').description('List captures, newest first'))
    .option('--bin <id>', 'only those of the bin with this id')
    .action(async (flags: CaptureListFlags) => {
      await ask(
        flags,
        (client) => client.captures.list({ ...pageOf(flags), ...(flags.bin === undefined ? {} : { binId: flags.bin }) }),
        ({ items, next }) => {
          noteNext(next);
          return table(
            ['ID', 'RECEIVED', 'METHOD', 'BYTES', 'VERDICT', 'TARGET'],
            items.map((row) => [row.id, formatTime(row.receivedAtMs), row.method, String(row.bodyBytes), row.verdict ?? '-', row.target]),
          );
        },
      );
    });
  const show = addHostFlags(new Command('show').description('Show a captured request').argument('<id>', 'capture id')).action(
    async (id: string, flags: HostFlags) => await ask(flags, (client) => client.captures.get({ id }), describeCapture),
  );
  return new Command('captures').description('Look at captured requests').addCommand(list).addCommand(show);
}

/** The request as it came; a body that is not UTF-8 text is told by its size, since a terminal would garble it. */
function describeCapture(capture: Capture): string {
  const lines = [
    `${capture.method} ${capture.target} HTTP/${capture.httpVersion}`,
    ...capture.headers.map(([name, value]) => `${name}: ${value}`),
    '',
  ];
  const body = Buffer.from(capture.bodyBase64, 'base64');
  try {
    lines.push(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    lines.push(`(${capture.bodyBytes} bytes that are not UTF-8 text; --json gives them in base64)`);
  }
  if (capture.verification !== null) lines.push('', `${capture.verification.verdict}: ${capture.verification.message}`);
  return lines.join('\n');
}
