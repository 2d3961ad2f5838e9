import { Command, Option } from 'commander';
import { findingName } from '#shared/check-words.ts';
import type { CheckDetail } from '#shared/contract/checks.ts';
import { snippetLanguages, type SnippetLanguage } from '#shared/contract/snippets.ts';
import { collect, dataDirOption, logLevelOption, isUsualDataDir, wholeNumber } from '#hosts/shared/command-line.ts';
import { readTogether, usageError } from '#hosts/shared/exit-error.ts';
import type { LogLevel } from '#hosts/shared/pino-log.ts';
import { checkHtml } from '../check-html.ts';
import { checkExitCode, checkJunit, createCaseTeller, summaryLines, unsignedLine } from '../check-lines.ts';
import { openEngine, type EngineClient, type EngineSession } from '../engine-client.ts';
import { isTargetUrl, readDestination, refuseTargetFlags, type EventFlags } from '../event-flags.ts';
import { findBin } from '../find-bin.ts';
import { createFileReader, readDataOption, type FileReader } from '../input.ts';
import { listenForInterrupt, type Interrupt } from '../interrupt.ts';
import { printJson, printLine, table } from '../output.ts';
import { writeReport } from '../report-file.ts';
import { addSigningFlags, type SigningFlags } from '../signing-flags.ts';
import { duration } from '../time-flags.ts';

interface Flags extends Pick<EventFlags, keyof SigningFlags | 'profile' | 'header' | 'sample' | 'data'> {
  readonly insecure?: boolean;
  readonly event?: string;
  readonly previousSecretFile?: string;
  readonly effects?: string;
  readonly verifyToken?: string;
  readonly only?: readonly string[];
  readonly without?: readonly string[];
  readonly all?: boolean;
  readonly seed?: number;
  readonly variants?: number;
  readonly saveSamples?: boolean;
  readonly timeout?: number;
  readonly requestTimeout?: number;
  readonly code?: SnippetLanguage;
  readonly list?: boolean;
  readonly junit?: string;
  readonly html?: string;
  readonly dataDir: string;
  readonly logLevel: LogLevel;
  readonly json?: boolean;
}

/** The `check` command: genuine, forged and unusual requests to a receiver, and what it does wrong. */
export function checkCommand(): Command {
  const command = new Command('check')
    .description(
      'Check a receiver: send it genuine, forged and unusual requests, and say what it does wrong; exits 0 when nothing is, 1 when something is, 2 when it could not be checked',
    )
    .argument('[target]', 'URL of the receiver, or the id or name of an endpoint')
    .option('--profile <id>', 'make requests for a URL as this system does, such as stripe; "hookyard profiles list" shows them');
  return addSigningFlags(command)
    .option('--header <line>', "header for a URL, 'Name: value'; repeatable", collect)
    .option('--insecure', 'accept any TLS certificate of a URL')
    .option('--event <type>', 'event type that is sent (default: the first of the profile or of the catalogue)')
    .option('--sample <name>', 'data from this sample of the event type')
    .option('--data <file>', 'JSON data of the event, - is standard input')
    .option(
      '--previous-secret-file <file>',
      'file with the secret from before a rotation, - is standard input: shows which of both are taken',
    )
    .option('--effects <bin>', 'count what the receiver does: it calls this bin once for each event that it acts on')
    .option('--verify-token <text>', 'what the receiver expects in handshakes such as that of Meta')
    .option('--only <case>', 'only this case or family of cases; repeatable', collect)
    .option('--without <case>', 'all but this case or family; repeatable', collect)
    .option('--all', 'go on when the genuine request is refused')
    .option('--seed <n>', 'use the same made-up values as an earlier check', wholeNumber(0, 4_294_967_295))
    .option('--variants <n>', 'how many variants of the event are made from its JSON Schema (default: 60)', wholeNumber(10, 500))
    .option('--save-samples', 'save variants that are not taken as samples of the event type')
    .option('--timeout <time>', 'how long the whole check may take, such as 2m (default: 5m)', duration)
    .option('--request-timeout <time>', 'how long one request may take (default: as the profile says, at most 30s)', duration)
    .addOption(new Option('--code <language>', 'also print receiver code that verifies correctly').choices(snippetLanguages))
    .option('--list', 'list the cases, and send nothing')
    .option('--junit <file>', 'also write a JUnit report')
    .option('--html <file>', 'also write an HTML page with all requests and answers')
    .addOption(dataDirOption())
    .addOption(logLevelOption())
    .option('--json', 'print one JSON document')
    .action(async (target: string | undefined, flags: Flags) => await check(target, flags));
}

async function check(target: string | undefined, flags: Flags): Promise<void> {
  const files = createFileReader();
  const interrupt = listenForInterrupt();
  const session = await openEngine({
    dataDir: flags.dataDir,
    logLevel: flags.logLevel,
    capturePort: flags.effects === undefined ? false : null,
  });
  try {
    const { client } = session;
    if (flags.list === true) return await printCatalogue(client, flags.json === true);
    if (target === undefined) throw usageError('Say what to check: the URL of the receiver, or the id or name of an endpoint.');
    const asked = await readCheck(client, target, flags, files);
    const ended = await follow(session, asked, interrupt, flags.json !== true);
    await report(session, ended, flags);
    process.exitCode = interrupt.exitCode(checkExitCode(ended));
  } finally {
    interrupt.release();
    await session.close();
  }
}

async function printCatalogue(client: EngineClient, isJson: boolean): Promise<void> {
  const { items } = await client.checks.catalogue();
  if (isJson) return printJson({ items });
  printLine(
    table(
      ['CASE', 'FAMILY', 'LEVEL', 'WHAT'],
      items.map(({ id, family, level, title }) => [id, family, level, title]),
    ),
  );
}

type Asked = Parameters<EngineClient['checks']['start']>[0];

async function readCheck(client: EngineClient, target: string, flags: Flags, files: FileReader): Promise<Asked> {
  if (flags.data !== undefined && flags.sample !== undefined) throw usageError('Give --data or --sample: each says what the event holds.');
  return {
    ...(await readTarget(client, target, flags, files)),
    ...(flags.event === undefined ? {} : { eventType: flags.event }),
    ...(flags.sample === undefined ? {} : { sample: flags.sample }),
    ...(flags.data === undefined ? {} : readDataOption(files.text(flags.data, '--data'), '--data')),
    ...(flags.previousSecretFile === undefined ? {} : { previousSecret: files.secret(flags.previousSecretFile, '--previous-secret-file') }),
    ...(flags.effects === undefined ? {} : { effectBinId: await findBin(client, flags.effects) }),
    ...(flags.verifyToken === undefined ? {} : { verifyToken: flags.verifyToken }),
    ...(flags.only === undefined ? {} : { only: [...flags.only] }),
    ...(flags.without === undefined ? {} : { without: [...flags.without] }),
    ...(flags.all === true ? { isWhole: true } : {}),
    ...(flags.seed === undefined ? {} : { seed: flags.seed }),
    ...(flags.variants === undefined ? {} : { variants: flags.variants }),
    ...(flags.timeout === undefined ? {} : { timeoutMs: flags.timeout }),
    ...(flags.requestTimeout === undefined ? {} : { requestTimeoutMs: flags.requestTimeout }),
  };
}

async function readTarget(
  client: EngineClient,
  target: string,
  flags: Flags,
  files: FileReader,
): Promise<Pick<Asked, 'endpointId' | 'target'>> {
  const given = { ...flags, to: target };
  if (!isTargetUrl(target)) refuseTargetFlags(given, ['insecure']);
  const destination = await readDestination(client, given, files, true);
  if (destination.kind === 'endpoint') return { endpointId: destination.id };
  return { target: { ...destination.target, ...(flags.insecure === true ? { verifyTls: false } : {}) } };
}

/** Starts a check and follows it to its end; Ctrl-C cancels it. */
async function follow(session: EngineSession, asked: Asked, interrupt: Interrupt, isTold: boolean): Promise<CheckDetail> {
  const { client } = session;
  // Before it begins, so that no change is missed.
  const changes = await session.follow();
  const started = await client.checks.start(asked);
  interrupt.setAction(async () => await client.checks.cancel({ id: started.id }));
  const unsigned = unsignedLine(started);
  if (isTold && unsigned !== null) printLine(`${unsigned}\n`);
  const cases: CheckDetail['cases'] = [];
  let waiting: string | null = null;
  const tell = createCaseTeller();
  for (;;) {
    const now = await client.checks.get({ id: started.id, afterCase: cases.at(-1)?.number ?? 0 });
    cases.push(...now.cases);
    if (isTold) for (const one of now.cases) printLine(tell(one));
    if (isTold && now.waiting !== null && now.waiting !== waiting) printLine(now.waiting);
    waiting = now.waiting;
    if (now.status !== 'running') return { ...now, cases };
    if ((await changes.next()).done === true) throw usageError('The Hookyard that ran the check stopped: start it again.');
  }
}

async function report({ client, host }: EngineSession, ended: CheckDetail, flags: Flags): Promise<void> {
  const { dataDir } = flags;
  const place = { dataDir, isUsualDir: isUsualDataDir(dataDir), isServed: host !== null };
  if (flags.json === true) printJson(ended);
  else printLine(['', ...summaryLines(ended, place)].join('\n'));
  if (flags.code !== undefined && flags.json !== true) printLine(await receiverCode(client, ended, flags.code));
  try {
    if (flags.saveSamples === true) for (const line of await savedSamples(client, ended)) if (flags.json !== true) printLine(line);
  } finally {
    writeReports(ended, flags);
  }
}

/** One that cannot be written is no reason to go without the other. */
function writeReports(ended: CheckDetail, { junit, html }: Flags): void {
  readTogether({
    junit: () => junit !== undefined && writeReport(junit, '--junit', checkJunit(ended)),
    html: () => html !== undefined && writeReport(html, '--html', checkHtml(ended)),
  });
}

async function receiverCode(client: EngineClient, { scheme, schemeOptions }: CheckDetail, language: SnippetLanguage): Promise<string> {
  if (scheme === null) return 'There is no receiver code: requests are not signed.';
  const { items, unavailable } = await client.snippets.write({ scheme, options: schemeOptions ?? {}, language });
  const [first] = items;
  return first === undefined
    ? (unavailable[0]?.reason ?? 'There is no receiver code.')
    : `\n${first.title} (${first.filename}):\n\n${first.code}`;
}

/** Saves what was found as samples, but for those that are there from an earlier check, and says so in lines. */
async function savedSamples(client: EngineClient, { cases }: CheckDetail): Promise<readonly string[]> {
  const findings = cases.flatMap((one) => one.findings);
  const [first] = findings;
  if (first === undefined) return ['', 'No variant was refused, so no sample was saved.'];
  const { samples } = await client.eventTypes.get({ name: first.eventType });
  const taken = new Set(samples.map(({ name }) => name));
  const added: string[] = [];
  for (const finding of findings) {
    const sample = findingName(finding);
    if (taken.has(sample)) continue;
    await client.eventTypes.addSample({ name: first.eventType, dataText: finding.dataText, sample });
    taken.add(sample);
    added.push(sample);
  }
  const known = findings.length - added.length;
  return [
    '',
    ...(added.length === 0 ? [] : [`Saved as samples of ${first.eventType}: ${added.join('; ')}.`]),
    ...(known === 0 ? [] : [`${first.eventType} has ${known === 1 ? 'one' : known} of the samples already.`]),
  ];
}
