import { isUrl } from '#shared/names/nearest-name.ts';
import { Command } from 'commander';
import { optionOf } from '#hosts/shared/command-line.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import { connect, type EngineClient } from '../engine-client.ts';
import { addCaptureFlags, captureFlagNames, readCaptures, type CaptureFlags } from '../capture-flags.ts';
import { findEndpoint } from '../find-endpoint.ts';
import { createFileReader, type FileReader } from '../input.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { addMatchFlag, matchOf, type MatchFlags } from '../match-flag.ts';
import { followSent, withinText } from '../print-delivery.ts';
import { duration } from '../time-flags.ts';
import { addSigningFlags, readSecrets, readSigning, schemeIn, type SigningFlags } from '../signing-flags.ts';
import { addPaceFlags, runReplay, type RunFlags } from './replay.ts';

interface ReplayFlags extends RunFlags, SigningFlags, MatchFlags, CaptureFlags {
  readonly to: string;
  readonly resigned?: boolean;
  readonly withAuth?: boolean;
  readonly body?: string;
  readonly insecure?: boolean;
  readonly within?: number;
}

type SentAs = Pick<Parameters<EngineClient['captures']['replay']>[0], 'as' | 'withAuth' | 'verifyTls' | 'signing' | 'secret'>;

/** The `captures replay` command: one captured request with a line for each attempt, or all that a filter finds as a replay. */
export function replayCaptureCommand(): Command {
  const command = new Command('replay')
    .description('Send a captured request on and follow its attempts, or many of them; exits 0 once delivered, 1 when not')
    .argument('[id]', 'id of the capture; without it --bin says which are sent on, oldest first')
    .requiredOption('--to <url|endpoint>', 'where to send: a URL, or the id or name of an endpoint')
    .option('--resigned', 'sign with a new timestamp, by default with the scheme and secret of the bin')
    .option(
      '--with-auth',
      "send the headers of the endpoint's authentication, such as its token, in place of captured ones of the same names",
    )
    .option('--body <file>', 'send these bytes in place of the captured body, - is standard input')
    .option('--insecure', 'accept any TLS certificate of a URL')
    .option('--within <time>', `of one capture: ${withinText}`, duration);
  return addPaceFlags(addSigningFlags(addMatchFlag(addCaptureFlags(command), 'only what is'))).action(
    async (id: string | undefined, flags: ReplayFlags) => await (id === undefined ? replayMany(flags) : replay(id, flags)),
  );
}

async function replayMany(flags: ReplayFlags): Promise<void> {
  if (flags.bin === undefined) throw usageError('Give the id of a capture, or --bin for all captures of a bin.');
  const ofOne = (['body', 'within'] as const).find((name) => flags[name] !== undefined);
  if (ofOne !== undefined) throw usageError(`--${ofOne} is for one capture: give its id.`);
  const match = matchOf(flags);
  const sent = readSent(flags, createFileReader());
  await runReplay(flags, async (client) => {
    const asked = {
      ...(await targetOf(client, flags.to)),
      ...sent,
      filter: { ...(await readCaptures(client, flags)), ...(match === null ? {} : { match }) },
    };
    return {
      preview: () => client.captures.previewReplay(asked),
      start: (rate) => client.captures.replayMany({ ...asked, ...rate }),
    };
  });
}

async function targetOf(client: EngineClient, to: string): Promise<{ readonly url: string } | { readonly endpointId: string }> {
  return isUrl(to) ? { url: to } : { endpointId: await findEndpoint(client, to) };
}

async function replay(id: string, flags: ReplayFlags): Promise<void> {
  const many = ([...captureFlagNames, 'match', 'dryRun', 'rate'] as const).find((name) => flags[name] !== undefined);
  if (many !== undefined) throw usageError(`--${optionOf(many)} is for many captures: leave it out, or leave out the id.`);
  if (!flags.wait) throw usageError('--no-wait is for many captures: of one, --within 1s waits no longer than that.');
  const files = createFileReader();
  const sent = readSent(flags, files);
  const interrupt = listenForInterrupt();
  const session = await connect(flags.dataDir);
  try {
    const to = await targetOf(session.client, flags.to);
    // Followed before it is sent, so that no attempt is missed.
    const changes = await session.follow();
    const body = flags.body === undefined ? {} : { bodyBase64: Buffer.from(files.bytes(flags.body, '--body')).toString('base64') };
    const answer = await session.client.captures.replay({ id, ...to, ...sent, ...body });
    const { client } = session;
    process.exitCode = await followSent(
      { client, changes, answer, what: id, json: flags.json === true, withinMs: flags.within },
      interrupt,
    );
  } finally {
    interrupt.release();
    await session.close();
  }
}

/** How it is signed. */
function readSent(flags: ReplayFlags, files: FileReader): SentAs {
  const isResigned = flags.resigned === true;
  const given = (['scheme', 'secret', 'secretFile', 'option'] as const).find((name) => flags[name] !== undefined);
  if (given !== undefined && !isResigned)
    throw usageError('A capture is sent with the signature that it has: add --resigned to sign it anew.');
  const secrets = isResigned && given !== undefined ? readSecrets(flags, files, process.env) : [];
  if (secrets.length > 1) throw usageError('A replay is signed with one secret: give --secret or --secret-file once.');
  const signing = isResigned && schemeIn(flags) !== undefined ? readSigning(flags, true) : null;
  const [secret] = secrets;
  return {
    as: isResigned ? 'resigned' : 'received',
    withAuth: flags.withAuth === true,
    verifyTls: flags.insecure !== true,
    ...(signing === null ? {} : { signing }),
    ...(secret === undefined ? {} : { secret }),
  };
}
