import { randomBytes } from 'node:crypto';
import { Option, type Command } from 'commander';
import type { GivenData } from '#shared/contract/json.ts';
import type { Profile } from '#shared/contract/profiles.ts';
import { bodyStyleNames, type BodyStyle } from '#shared/json/body-style.ts';
import { isUrl } from '#shared/names/nearest-name.ts';
import { freshBoundary } from '#shared/text/multipart.ts';
import { collect, optionOf } from '#hosts/shared/command-line.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import type { EngineClient } from './engine-client.ts';
import { findEndpoint } from './find-endpoint.ts';
import { findProfile, knownProfile } from './find-profile.ts';
import { readDataOption, type FileReader } from './input.ts';
import { sampleOf } from './sample-of.ts';
import { withSettings } from './set-flag.ts';
import { readParts } from './part-flag.ts';
import { addSigningFlags, readSecrets, readSigning, schemeIn, type SigningFlags } from './signing-flags.ts';

/** Options about one event and where it goes. */
export interface EventFlags extends SigningFlags {
  readonly to: string;
  readonly data?: string;
  readonly batch?: string;
  readonly body?: string;
  readonly part?: readonly string[];
  readonly header?: readonly string[];
  readonly method?: string;
  readonly contentType?: string;
  readonly bodyStyle?: BodyStyle;
  readonly id?: string;
  readonly profile?: string;
  readonly sample?: string;
  readonly set?: readonly string[];
  readonly env?: string;
}

type SendInput = Parameters<EngineClient['messages']['send']>[0];
/** An event as a call takes it. */
export type GivenEvent = Pick<SendInput, 'type' | 'id' | 'isBatch' | 'data' | 'dataText' | 'bodyBase64'>;
type Content = Pick<SendInput, 'isBatch' | 'data' | 'dataText' | 'bodyBase64'>;
/** A target that is no endpoint, with what its options say. */
export type GivenTarget = Pick<
  NonNullable<SendInput['target']>,
  'profile' | 'name' | 'url' | 'signing' | 'headers' | 'secret' | 'method' | 'contentType' | 'bodyStyle'
>;

/** Where an event goes: an endpoint, or a URL with its options. */
export type Destination =
  | { readonly kind: 'endpoint'; readonly id: string; readonly contentType: string; readonly profile: Profile | undefined }
  | { readonly kind: 'url'; readonly target: GivenTarget; readonly profile: Profile | undefined };

/** Adds the event type and the options about an event and its target. */
export function addEventFlags(command: Command): Command {
  const withContent = command
    .argument('<type>', 'event type, such as invoice.paid')
    .requiredOption('--to <url|endpoint>', 'where it goes: a URL, or the id or name of an endpoint')
    .option('--data <file>', "JSON data of the event, - is standard input (default: the event type's sample)")
    .option('--batch <file>', 'several events in one request: a JSON list with the data of each, - is standard input')
    .option('--body <file>', 'exactly these bytes instead of rendering data, - is standard input')
    .option('--part <part>', 'a part of a multipart body: name=value, or name=@FILE;type=TYPE;filename=NAME; repeatable', collect)
    .option('--profile <id>', 'make the request for a URL as this system does, such as stripe; "hookyard profiles list" shows them')
    .option('--sample <name>', 'data from this sample of the event type, of the profile or of the catalogue (default: the first)')
    .option('--set <path=value>', 'change the data, such as data.amount=1999; repeatable', collect)
    .option('--env <name>', 'take variables from this environment, or "none" (default: the active one)')
    .option('--id <id>', 'message id (default: a fresh one)');
  return addSigningFlags(withContent)
    .option('--header <line>', "header for a URL, 'Name: value'; repeatable", collect)
    .option('--method <method>', 'HTTP method for a URL (default: POST)')
    .option('--content-type <type>', 'content type for a URL (default: application/json)')
    .addOption(new Option('--body-style <style>', 'how the JSON body for a URL is written before it is signed').choices(bodyStyleNames));
}

/** What the options say to send; null leaves it to a sample. */
export function readContent(flags: EventFlags, files: FileReader): Content | null {
  if (flags.data !== undefined && flags.body !== undefined)
    throw usageError('Give --data or --body, not both: --body replaces what would be rendered from data.');
  const beside =
    flags.part === undefined ? undefined : (['data', 'batch', 'body', 'sample', 'set'] as const).find((name) => flags[name] !== undefined);
  if (beside !== undefined) throw usageError(`Give --part or --${beside}, not both: the parts are the whole body.`);
  const other = flags.batch === undefined ? undefined : (['data', 'body', 'sample'] as const).find((name) => flags[name] !== undefined);
  if (other !== undefined) throw usageError(`Give --batch or --${other}, not both: each says what is sent.`);
  if (flags.sample !== undefined && (flags.data !== undefined || flags.body !== undefined))
    throw usageError('Give --sample, --data or --body: each says what the event holds.');
  if (flags.body !== undefined) return { bodyBase64: Buffer.from(files.bytes(flags.body, '--body')).toString('base64') };
  if (flags.batch !== undefined) return { ...readDataOption(files.text(flags.batch, '--batch'), '--batch'), isBatch: true };
  if (flags.data !== undefined) return readDataOption(files.text(flags.data, '--data'), '--data');
  return null;
}

/** The body of the parts that the options give, as the target takes it; `content` where there are none. */
export function withParts(flags: EventFlags, files: FileReader, destination: Destination, content: Content | null): Content | null {
  if (flags.part === undefined) return content;
  const contentType = destination.kind === 'endpoint' ? destination.contentType : (destination.target.contentType ?? '');
  return { bodyBase64: Buffer.from(readParts(flags.part, files, contentType, flags.to)).toString('base64') };
}

/** The options with the content type that parts for a URL have, where none is given. */
export function withPartType<Flags extends EventFlags>(flags: Flags): Flags {
  if (flags.part === undefined || flags.contentType !== undefined || !isTargetUrl(flags.to)) return flags;
  return { ...flags, contentType: `multipart/form-data; boundary=${freshBoundary(randomBytes(12))}` };
}

/** Options that only a URL has; an endpoint has its own, and silently ignoring these would mislead. */
const targetFlags = [
  'profile',
  'scheme',
  'secret',
  'secretFile',
  'option',
  'field',
  'header',
  'method',
  'contentType',
  'bodyStyle',
] as const;

/** Throws a usage error for the first of these options that is given beside an endpoint, `more` being those of the command itself. */
export function refuseTargetFlags<Flags extends EventFlags>(flags: Flags, more: readonly (keyof Flags & string)[]): void {
  const given = [...targetFlags, ...more].find((name) => flags[name] !== undefined);
  if (given === undefined) return;
  throw usageError(
    `--${optionOf(given)} is for a URL, and "${flags.to}" is an endpoint's name: leave it out, change the endpoint, or write the URL with http://.`,
  );
}

/** Whether a target is a URL, whose scheme may come from a variable, and not the name of an endpoint. */
export function isTargetUrl(to: string): boolean {
  return isUrl(to) || to.startsWith('{{');
}

/** Finds the endpoint that `--to` names, or reads the options of a URL. Without `needsSecret`, one that signs may have no secret. */
export async function readDestination(
  client: EngineClient,
  flags: EventFlags,
  files: FileReader,
  needsSecret: boolean,
): Promise<Destination> {
  if (isTargetUrl(flags.to)) {
    const profile = flags.profile === undefined ? undefined : await findProfile(client, flags.profile);
    return { kind: 'url', target: readTarget(flags, files, profile, needsSecret), profile };
  }
  const id = await findEndpoint(client, flags.to);
  const { profile, contentType } = await client.endpoints.get({ id });
  return { kind: 'endpoint', id, contentType, profile: profile === null ? undefined : await knownProfile(client, profile) };
}

function readTarget(flags: EventFlags, files: FileReader, profile: Profile | undefined, needsSecret: boolean): GivenTarget {
  const secrets = readSecrets(flags, files, process.env);
  const ofProfile = schemeIn(flags) === undefined ? profile?.fields.signing : undefined;
  const signing = ofProfile === undefined ? readSigning(flags, secrets.length > 0) : ofProfile;
  if (signing !== null && secrets.length === 0 && needsSecret)
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
    ...(flags.header === undefined && profile !== undefined ? {} : { headers: { ...profile?.fields.headers, ...headers } }),
    ...(secret === undefined ? {} : { secret }),
    // The contract lists the methods and refuses any other with a sentence.
    ...(flags.method === undefined ? {} : { method: flags.method.toUpperCase() as NonNullable<GivenTarget['method']> }),
    ...(flags.contentType === undefined ? {} : { contentType: flags.contentType }),
    ...(flags.bodyStyle === undefined ? {} : { bodyStyle: flags.bodyStyle }),
  };
}

function parseHeader(line: string): readonly [string, string] {
  const colon = line.indexOf(':');
  if (colon < 1) throw usageError(`--header ${line} has no name: write it as 'Name: value'.`);
  return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
}

/** The environment that the options name, as a call takes it; null for none. */
export function readEnvironment({ env }: EventFlags): Pick<SendInput, 'environment'> {
  return env === undefined ? {} : { environment: env === 'none' ? null : env };
}

/** The event: what the options say, else a sample of the profile or of the catalogue, changed as `--set` says. */
export async function readEvent(
  client: EngineClient,
  type: string,
  flags: EventFlags,
  content: Content | null,
  profile: Profile | undefined,
): Promise<GivenEvent> {
  const given = content ?? (await sampleData(client, type, profile, flags.sample));
  return {
    type,
    ...(flags.id === undefined ? {} : { id: flags.id }),
    ...withSet(given, flags.set ?? []),
  };
}

function withSet(content: Content, settings: readonly string[]): Content {
  if (settings.length === 0) return content;
  if ('bodyBase64' in content) throw usageError('--set changes data, and --body gives the whole body: leave one of them out.');
  const { isBatch = false, ...data } = content;
  return { ...withSettings(data as GivenData, settings), isBatch };
}

/** The data of an event that none was given for: a sample of the profile, or of the catalogue. */
async function sampleData(
  client: EngineClient,
  type: string,
  profile: Profile | undefined,
  sample: string | undefined,
): Promise<GivenData> {
  const eventType = profile?.eventTypes.find(({ name }) => name === type);
  if (eventType === undefined) return await sampleOf(client, type, sample);
  const found = sample === undefined ? eventType.samples[0] : eventType.samples.find(({ name }) => name === sample);
  if (found !== undefined) return { data: found.data };
  throw usageError(`There is no sample "${sample ?? ''}" of ${type}: it has ${eventType.samples.map(({ name }) => name).join(', ')}.`);
}
