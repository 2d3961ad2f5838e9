import { Command } from 'commander';
import type { Capture } from '#shared/contract/captures.ts';
import type { Bin } from '#shared/contract/bins.ts';
import { allPages } from '#shared/all-pages.ts';
import type { RefusedSummary } from '#shared/contract/refused-requests.ts';
import { dataDirOption, logLevelOption, wholeNumber } from '#hosts/shared/command-line.ts';
import { ExitError, usageError } from '#hosts/shared/exit-error.ts';
import type { LogLevel } from '#hosts/shared/pino-log.ts';
import { openEngine, type EngineClient, type EngineSession } from '../engine-client.ts';
import { createForwarder, type Forwarder } from '../forwarder.ts';
import { createFileReader } from '../input.ts';
import { openListenedSource, type ListenedSource } from '../listen-source.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { formatTime, printJsonLine, printLine, printNote, toned, tonedVerdict } from '../output.ts';
import { parseRetry } from '../retry-flag.ts';
import { addSigningFlags, readSecrets, readSigning, type SigningFlags } from '../signing-flags.ts';

interface ListenFlags extends SigningFlags {
  readonly port?: number;
  readonly bin: string;
  readonly from?: string;
  readonly forward?: string;
  readonly retry?: string;
  readonly dataDir: string;
  readonly logLevel: LogLevel;
  readonly json?: boolean;
}

/** Long enough to restart a server. */
const usualRetry = '1s,5s,15s,30s,1m,5m,15m';

/** The `listen` command: a bin, with a line for each capture. */
export function listenCommand(): Command {
  const command = new Command('listen')
    .description('Receive requests on a local URL and print each one, with the verdict on its signature; --forward sends them on')
    .option('--port <n>', 'port to receive on; 0 picks a free one (default: the one used last)', wholeNumber(0, 65_535))
    .option('--bin <slug>', 'bin to receive in, made when missing', 'inbox')
    .option(
      '--from <url>',
      'let the bin capture what comes to a smee channel or to a stream URL of another Hookyard too; goes on where it was',
    )
    .option('--forward <url|endpoint>', 'send each request on as it came: to a URL, or to an endpoint by its id or name')
    .option('--retry <policy>', `how often a URL is tried (default: ${usualRetry}); none tries once`);
  return addSigningFlags(command)
    .addOption(dataDirOption())
    .addOption(logLevelOption())
    .option(
      '--json',
      'print JSON Lines: one for the bin, then one for each capture with its body in base64, and for each request that was refused',
    )
    .action(async (flags: ListenFlags) => await listen(flags));
}

async function listen(flags: ListenFlags): Promise<void> {
  const secrets = readSecrets(flags, createFileReader(), process.env);
  const signing = readSigning(flags, secrets.length > 0);
  if (signing !== null && secrets.length === 0)
    throw usageError(`--scheme ${signing.scheme} needs a secret: give it with --secret-file FILE, HOOKYARD_SECRET or --secret.`);
  if (flags.retry !== undefined && flags.forward === undefined)
    throw usageError('--retry needs --forward: it says how often a request is sent on.');
  const retryPolicy = parseRetry(flags.retry ?? usualRetry);
  const interrupt = listenForInterrupt();
  const session = await openSession(flags);
  let isStopped = false;
  let sayPending = () => {};
  let source: ListenedSource | null = null;
  interrupt.setAction(async () => {
    isStopped = true;
    await source?.leave();
    // Ends the stream of changes, and with it the loop below.
    await session.close();
  });
  try {
    const verification = signing === null ? null : { signing, secrets: [...secrets] };
    const bin = await openBin(session.client, flags.bin, verification);
    const { forward: to } = flags;
    const json = flags.json === true;
    const forwarder = to === undefined ? null : await createForwarder(session.client, { to, retryPolicy, binUrl: bin.url, json });
    sayPending = () => notePending(forwarder?.pending() ?? 0);
    const { from } = flags;
    await printCaptures(session, bin, forwarder, json, async () => {
      source = from === undefined ? null : await openListenedSource(session.client, bin.id, from, json);
      return source;
    });
    if (!isStopped) throw new ExitError('Hookyard stopped, so nothing is received any more: start it again.', 2);
  } catch (error) {
    // A call that was under way fails when the user ends the session.
    if (!isStopped) throw error;
  } finally {
    await session.close();
    interrupt.release();
    sayPending();
    process.exitCode = interrupt.exitCode(0);
  }
}

async function openSession(flags: ListenFlags): Promise<EngineSession> {
  const session = await openEngine({ dataDir: flags.dataDir, logLevel: flags.logLevel, capturePort: flags.port ?? null });
  if (session.host === null) return session;
  const { captureUrl } = await session.client.system.health();
  if (flags.port === undefined || (captureUrl !== null && Number(new URL(captureUrl).port) === flags.port)) return session;
  await session.close();
  throw usageError(
    `A Hookyard runs on this data folder and captures at ${captureUrl ?? 'no port'}: leave out --port, or use another folder with --data-dir.`,
  );
}

type BinVerification = Required<Pick<Parameters<EngineClient['bins']['create']>[0], 'signing' | 'secrets'>>;

/** The bin of that slug, made when it is missing; verification that was asked for replaces what it had. */
async function openBin(client: EngineClient, slug: string, verification: BinVerification | null): Promise<Bin> {
  const bins = await allPages((from) => client.bins.list({ limit: 200, ...from }));
  const found = bins.find((bin) => bin.slug === slug);
  if (found === undefined) return await client.bins.create({ name: slug, slug, ...verification });
  return verification === null ? found : await client.bins.update({ id: found.id, ...verification });
}

/** Prints every capture that comes into the bin from now on, oldest first, until the session or its engine ends. */
async function printCaptures(
  { client, follow }: EngineSession,
  bin: Bin,
  forwarder: Forwarder | null,
  json: boolean,
  openSource: () => Promise<ListenedSource | null>,
): Promise<void> {
  const changes = await follow();
  const seen = new Set((await client.captures.list({ binId: bin.id, limit: 200 })).items.map(({ id }) => id));
  const refusedBefore = new Set((await client.refusedRequests.list({ limit: 200 })).items.map(({ id }) => id));
  const { openUrls } = await client.bins.get({ id: bin.id });
  if (json) printJsonLine({ event: 'listening', binId: bin.id, url: bin.url, openUrls });
  else printLine(`Listening at ${bin.url}${openUrls.length === 0 ? '' : `, open to other machines at ${openUrls.join(' and ')}`}`);
  // Only now, so that nothing that it brings is taken for something that was there before.
  const source = await openSource();
  for await (const change of changes) {
    if (change.topic === 'refused-requests') await printRefused(client, bin, refusedBefore, json);
    await forwarder?.follow(change);
    await source?.follow(change);
    if (change.topic !== 'captures') continue;
    for (const id of await newCaptures(client, bin.id, seen)) {
      const capture = await client.captures.get({ id });
      printCapture(capture, json);
      await forwarder?.forward(capture);
    }
  }
}

/** Prints newly refused requests, oldest first: those for the bin, and those for no bin. */
async function printRefused(client: EngineClient, bin: Bin, seen: Set<string>, json: boolean): Promise<void> {
  const { items } = await client.refusedRequests.list({ limit: 200 });
  const fresh: RefusedSummary[] = items.filter(({ id, binId }) => !seen.has(id) && (binId === null || binId === bin.id)).toReversed();
  for (const refused of fresh) {
    seen.add(refused.id);
    if (json) printJsonLine({ event: 'refused', ...refused });
    else
      printLine(
        `${formatTime(refused.receivedAtMs)}  ${toned('refused', 'bad')}  ${refused.status ?? '-'}  ${refused.seen}  (hookyard captures show ${refused.id})`,
      );
  }
}

/** What is still to be sent on is on disk. */
function notePending(count: number): void {
  if (count === 0) return;
  const what = count === 1 ? '1 request is' : `${count} requests are`;
  printNote(`${what} still to be sent on; that goes on whenever Hookyard runs on this data folder.`);
}

/** Ids not seen before, oldest first; they count as seen from then on. */
async function newCaptures(client: EngineClient, binId: string, seen: Set<string>): Promise<readonly string[]> {
  const fresh: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.captures.list({ binId, limit: 200, ...(cursor === undefined ? {} : { cursor }) });
    const unseen = page.items.map(({ id }) => id).filter((id) => !seen.has(id));
    fresh.push(...unseen);
    // Newest first: a page with a capture that was seen leads to older ones only.
    cursor = unseen.length === page.items.length ? (page.next ?? undefined) : undefined;
  } while (cursor !== undefined);
  for (const id of fresh) seen.add(id);
  return fresh.toReversed();
}

function printCapture(capture: Capture, json: boolean): void {
  if (json) return printJsonLine({ event: 'capture', ...capture });
  const { verification } = capture;
  const verdict = verification === null ? '' : `  ${tonedVerdict(verification.verdict)}`;
  const why = verification === null || verification.verdict === 'valid' ? '' : `  ${verification.message}`;
  const bytes = `${capture.bodyBytes} B`.padStart(9);
  // What a source brings was answered where it was received.
  const answer = capture.source === null ? String(capture.status) : `answered ${capture.status} there`;
  printLine(`${formatTime(capture.receivedAtMs)}  ${capture.method.padEnd(6)} ${capture.target}${bytes}  ${answer}${verdict}${why}`);
}
