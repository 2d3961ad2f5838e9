import type { Command } from 'commander';
import type { Bin } from '#shared/contract/bins.ts';
import { tlsFault } from '#shared/contract/tls-fault.ts';
import { wireFault, wireFaultKinds, type WireFault, type WireFaultKind } from '#shared/contract/wire-fault.ts';
import { parseDurationMs } from '#shared/duration-text.ts';
import { tlsFaultUrl } from '#shared/tls-fault-words.ts';
import { wireFaultText } from '#shared/wire-fault-words.ts';
import { usageError } from '#hosts/shared/exit-error.ts';

/** Options on the way to a bin. */
export interface BinWireFlags {
  readonly publicUrl?: string;
  readonly trustProxy?: boolean;
}

/** What `--fault` says. */
export const faultHelp = `what goes wrong on the connection: none, ${wireFaultKinds.join(', ')}; with its figure behind a colon, such as reset:20, no-answer:30s, wrong-length:-5 or slow-answer:10`;

/** Adds the options of {@link BinWireFlags}. */
export function addBinWireFlags(command: Command): Command {
  return command
    .option('--public-url <url>', 'the URL that senders use, such as that of a tunnel; none for its own')
    .option('--trust-proxy', 'believe Forwarded and X-Forwarded-Proto and -Host on the URL that was called')
    .option('--no-trust-proxy', 'do not');
}

/** The fields of a bin that the options give, beside its answer. */
export function readBinAddress({ publicUrl, trustProxy }: BinWireFlags) {
  return {
    ...(publicUrl === undefined ? {} : { publicUrl: publicUrl === 'none' ? null : publicUrl }),
    ...(trustProxy === undefined ? {} : { trustsProxy: trustProxy }),
  };
}

/** The field of a figure that stands behind a colon. */
const figures: Readonly<Partial<Record<WireFaultKind, string>>> = {
  'no-answer': 'holdMs',
  reset: 'afterBytes',
  'wrong-length': 'byBytes',
  'slow-answer': 'bytesPerSecond',
  'slow-read': 'bytesPerSecond',
  'endless-body': 'bytesPerSecond',
};

/** A fault as text, such as `reset:20`; null for `none`. Throws a usage error. */
export function readFault(text: string): WireFault | null {
  if (text === 'none') return null;
  const [name = '', figure] = text.split(/:(.*)/s);
  const kind = wireFaultKinds.find((known) => known === name);
  if (kind === undefined) throw usageError(`There is no fault ${name}: use none, ${wireFaultKinds.join(', ')}.`);
  const read = wireFault.safeParse({ kind, ...figureOf(kind, figure) });
  if (read.success) return read.data;
  throw usageError(`--fault ${text}: ${read.error.issues[0]?.message ?? 'it cannot be read.'}`);
}

function figureOf(kind: WireFaultKind, figure: string | undefined): Readonly<Record<string, unknown>> {
  const field = figures[kind];
  if (kind === 'wrong-length' && figure === undefined)
    throw usageError('--fault wrong-length needs its bytes: wrong-length:10 is ten too many, wrong-length:-10 ten too few.');
  if (figure === undefined) return {};
  if (kind === 'early-answer' && figure === 'closes') return { closes: true };
  if (field === undefined) throw usageError(`--fault ${kind} takes no figure: leave out :${figure}.`);
  if (field !== 'holdMs') {
    if (!/^-?\d{1,12}$/.test(figure)) throw usageError(`--fault ${kind}:${figure}: write a whole number behind the colon.`);
    return { [field]: Number(figure) };
  }
  const holdMs = parseDurationMs(figure);
  if (holdMs === null) throw usageError(`--fault ${kind}:${figure}: write a length of time, such as 30s or 10m.`);
  return { holdMs };
}

/** Every URL of a bin, a line each. */
export function addressLines({ url, hostUrl, httpsUrl, httpsHostUrl, publicUrl, trustsProxy }: Bin): readonly string[] {
  return [
    url,
    ...(hostUrl === null ? [] : [hostUrl]),
    ...(httpsUrl === null || httpsHostUrl === null ? [] : [httpsUrl, httpsHostUrl, ...tlsLines(httpsHostUrl)]),
    ...(publicUrl === null ? [] : [`Public URL ${publicUrl}`]),
    ...(trustsProxy ? ['Its proxy is believed on the URL that was called'] : []),
  ];
}

function tlsLines(httpsHostUrl: string): readonly string[] {
  return ['TLS faults:', ...tlsFault.options.map((fault) => `  ${tlsFaultUrl(httpsHostUrl, fault)}`)];
}

/** What goes wrong with the answer of a bin, on a line; none where nothing does. */
export function faultLines({ response: { fault } }: Pick<Bin, 'response'>): readonly string[] {
  return fault === null ? [] : [`with a fault: ${wireFaultText(fault)}`];
}
