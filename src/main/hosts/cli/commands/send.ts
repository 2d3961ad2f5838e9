import { isUrl } from '#shared/names/nearest-name.ts';
import { Command, Option } from 'commander';
import type { GivenData } from '#shared/contract/json.ts';
import { bodyStyleNames, type BodyStyle } from '#shared/json/body-style.ts';
import type { Profile } from '#shared/contract/profiles.ts';
import { retryPresetNames } from '#shared/contract/retry-choice.ts';
import { collect, dataDirOption, logLevelOption, numberBetween, wholeNumber } from '#hosts/shared/command-line.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import { findRunningHost } from '#hosts/shared/host-file.ts';
import type { LogLevel } from '#hosts/shared/pino-log.ts';
import { connectTo, runOwnEngine, type EngineClient, type EngineSession } from '../engine-client.ts';
import { findEndpoint } from '../find-endpoint.ts';
import { createFileReader, readDataOption, type FileReader } from '../input.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { followSent } from '../print-delivery.ts';
import { findProfile } from '../find-profile.ts';
import { parseRetry } from '../retry-flag.ts';
import { sampleOf } from '../sample-of.ts';
import { withSettings } from '../set-flag.ts';
import { addSigningFlags, readSecrets, readSigning, schemeIn, type SigningFlags } from '../signing-flags.ts';

interface SendFlags extends SigningFlags {
  readonly to: string;
  readonly data?: string;
  readonly body?: string;
  readonly retry?: string;
  readonly timeoutMs?: number;
  readonly header?: readonly string[];
  readonly method?: string;
  readonly contentType?: string;
  readonly bodyStyle?: BodyStyle;
  readonly insecure?: boolean;
  readonly id?: string;
  readonly profile?: string;
  readonly sample?: string;
  readonly set?: readonly string[];
  readonly env?: string;
  readonly timeScale?: number;
  readonly dataDir: string;
  readonly logLevel: LogLevel;
  readonly json?: boolean;
}

type SendInput = Parameters<EngineClient['messages']['send']>[0];
type Target = NonNullable<SendInput['target']>;

/** The `send` command: one event to one target, with a line for each attempt. */
export function sendCommand(): Command {
  const command = new Command('send')
    .description('Send an event to a URL or an endpoint and follow its attempts; exits 0 once delivered, 1 when not')
    .argument('<type>', 'event type, such as invoice.paid')
    .requiredOption('--to <url|endpoint>', 'where to send: a URL, or the id or name of an endpoint')
    .option('--data <file>', "JSON data of the event, - is standard input (default: the event type's sample)")
    .option('--body <file>', 'send exactly these bytes instead of rendering data, - is standard input')
    .option('--profile <id>', 'send to a URL as this system does, such as stripe; "hookyard profiles list" shows them')
    .option('--sample <name>', 'data from this sample of the profile (default: the first of the event type)')
    .option('--set <path=value>', 'change the data, such as data.amount=1999; repeatable', collect)
    .option('--env <name>', 'take variables from this environment, or "none" (default: the active one)')
    .option('--id <id>', 'message id (default: a fresh one)');
  return addSigningFlags(command)
    .option(
      '--retry <policy>',
      `retry policy for a URL: ${retryPresetNames.join(', ')}, delays such as 1s,30s,5m, JSON, or profile for the one of the profile (default: none)`,
    )
    .option('--timeout-ms <n>', 'time for one attempt', wholeNumber(50, 600_000))
    .option('--header <line>', "header for a URL, 'Name: value'; repeatable", collect)
    .option('--method <method>', 'HTTP method for a URL (default: POST)')
    .option('--content-type <type>', 'content type for a URL (default: application/json)')
    .addOption(new Option('--body-style <style>', 'how the JSON body for a URL is written before it is signed').choices(bodyStyleNames))
    .option('--insecure', 'accept any TLS certificate of a URL')
    .option('--time-scale <n>', 'run the retry schedule this many times faster, 1 to 3600', numberBetween(1, 3600))
    .addOption(dataDirOption())
    .addOption(logLevelOption())
    .option('--json', 'print JSON Lines: one for each attempt with up to 64 KiB of its answer, then one for the delivery')
    .action(async (type: string, flags: SendFlags) => await send(type, flags));
}

async function send(type: string, flags: SendFlags): Promise<void> {
  const files = createFileReader();
  const content = readContent(flags, files);
  if (!isTargetUrl(flags.to)) refuseTargetFlags(flags);
  if (flags.profile === undefined && flags.sample !== undefined)
    throw usageError('--sample needs --profile: samples with names are those of a profile.');
  const interrupt = listenForInterrupt();
  const session = await openSession(flags);
  try {
    const profile = flags.profile === undefined ? undefined : await findProfile(session.client, flags.profile);
    const to = isTargetUrl(flags.to)
      ? { target: readTarget(flags, files, profile) }
      : { endpointIds: [await findEndpoint(session.client, flags.to)] };
    const event = {
      type,
      ...(flags.id === undefined ? {} : { id: flags.id }),
      ...(flags.env === undefined ? {} : { environment: environmentOf(flags.env) }),
      ...withSet(content ?? (await sampleData(session.client, type, profile, flags.sample)), flags.set ?? []),
    };
    // Followed before it is sent, so that no attempt is missed.
    const changes = await session.follow();
    const answer = await session.client.messages.send({ ...event, ...to });
    const { client } = session;
    process.exitCode = await followSent({ client, changes, answer, what: type, json: flags.json === true }, interrupt);
  } finally {
    interrupt.release();
    await session.close();
  }
}

/** Whether it is a URL, whose scheme may come from a variable, and not the name of an endpoint. */
function isTargetUrl(to: string): boolean {
  return isUrl(to) || to.startsWith('{{');
}

/** The environment that a name means; null for none. */
function environmentOf(name: string): string | null {
  return name === 'none' ? null : name;
}

async function openSession(flags: SendFlags): Promise<EngineSession> {
  const host = await findRunningHost(flags.dataDir);
  if (host === null)
    return await runOwnEngine({ dataDir: flags.dataDir, logLevel: flags.logLevel, capturePort: false, timeScale: flags.timeScale });
  if (flags.timeScale !== undefined)
    throw usageError(
      `A Hookyard runs on this data folder at ${host.url}: change the time scale in its settings, and leave out --time-scale.`,
    );
  return await connectTo(host);
}

/** What the options say to send; null leaves it to the event type's sample. */
function readContent(flags: SendFlags, files: FileReader): Pick<SendInput, 'data' | 'dataText' | 'bodyBase64'> | null {
  if (flags.data !== undefined && flags.body !== undefined)
    throw usageError('Give --data or --body, not both: --body replaces what would be rendered from data.');
  if (flags.body !== undefined) return { bodyBase64: Buffer.from(files.bytes(flags.body, '--body')).toString('base64') };
  if (flags.data !== undefined) return readDataOption(files.text(flags.data, '--data'), '--data');
  return null;
}

function readTarget(flags: SendFlags, files: FileReader, profile: Profile | undefined): Target {
  const secrets = readSecrets(flags, files, process.env);
  const ofProfile = schemeIn(flags) === undefined ? profile?.fields.signing : undefined;
  const signing = ofProfile === undefined ? readSigning(flags, secrets.length > 0) : ofProfile;
  if (signing !== null && secrets.length === 0)
    throw usageError(
      `${ofProfile === undefined ? `--scheme ${signing.scheme}` : `--profile ${flags.profile ?? ''}`} needs a secret: give it with --secret-file FILE, HOOKYARD_SECRET or --secret.`,
    );
  if (secrets.length > 1) throw usageError('A URL is signed with one secret: give --secret or --secret-file once.');
  const [secret] = secrets;
  const headers = Object.fromEntries((flags.header ?? []).map(parseHeader));
  return {
    ...(profile === undefined ? {} : { profile: profile.id }),
    name: flags.to,
    url: flags.to,
    signing,
    ...(flags.retry === 'profile' && profile !== undefined ? {} : { retryPolicy: parseRetry(flags.retry ?? 'none') }),
    ...(flags.header === undefined && profile !== undefined ? {} : { headers: { ...profile?.fields.headers, ...headers } }),
    verifyTls: flags.insecure !== true,
    ...(secret === undefined ? {} : { secret }),
    ...(flags.timeoutMs === undefined ? {} : { timeoutMs: flags.timeoutMs }),
    // The contract lists the methods and refuses any other with a sentence.
    ...(flags.method === undefined ? {} : { method: flags.method.toUpperCase() as NonNullable<Target['method']> }),
    ...(flags.contentType === undefined ? {} : { contentType: flags.contentType }),
    ...(flags.bodyStyle === undefined ? {} : { bodyStyle: flags.bodyStyle }),
  };
}

function parseHeader(line: string): readonly [string, string] {
  const colon = line.indexOf(':');
  if (colon < 1) throw usageError(`--header ${line} has no name: write it as 'Name: value'.`);
  return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
}

/** An endpoint has its own signing, policy and headers; silently ignoring these options would mislead. */
function refuseTargetFlags(flags: SendFlags): void {
  const named = [
    'profile',
    'scheme',
    'secret',
    'secretFile',
    'option',
    'retry',
    'timeoutMs',
    'header',
    'method',
    'contentType',
    'bodyStyle',
    'insecure',
  ] as const;
  const given = named.find((name) => flags[name] !== undefined);
  if (given === undefined) return;
  const option = given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw usageError(
    `--${option} is for a URL, and "${flags.to}" is an endpoint's name: leave it out, change the endpoint, or write the URL with http://.`,
  );
}

type Content = GivenData | Pick<SendInput, 'bodyBase64'>;

function withSet(content: Content, settings: readonly string[]): Content {
  if (settings.length === 0) return content;
  if ('bodyBase64' in content) throw usageError('--set changes data, and --body gives the whole body: leave one of them out.');
  return withSettings(content as GivenData, settings);
}

/** The data of an event that none was given for: a sample of the profile, or of the catalogue. */
async function sampleData(
  client: EngineClient,
  type: string,
  profile: Profile | undefined,
  sample: string | undefined,
): Promise<GivenData> {
  const eventType = profile?.eventTypes.find(({ name }) => name === type);
  if (eventType !== undefined) {
    const found = sample === undefined ? eventType.samples[0] : eventType.samples.find(({ name }) => name === sample);
    if (found !== undefined) return { data: found.data };
    throw usageError(`There is no sample "${sample ?? ''}" of ${type}: it has ${eventType.samples.map(({ name }) => name).join(', ')}.`);
  }
  if (profile !== undefined && sample !== undefined)
    throw usageError(`${profile.name} has no event type ${type}: it has ${profile.eventTypes.map(({ name }) => name).join(', ')}.`);
  return await sampleOf(client, type);
}
