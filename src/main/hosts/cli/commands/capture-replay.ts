import { isUrl } from '#shared/names/nearest-name.ts';
import { Command } from 'commander';
import { usageError } from '#hosts/shared/exit-error.ts';
import { connect, type EngineClient } from '../engine-client.ts';
import { findEndpoint } from '../find-endpoint.ts';
import { createFileReader, type FileReader } from '../input.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { addHostFlags, type HostFlags } from '../listing.ts';
import { followSent } from '../print-delivery.ts';
import { addSigningFlags, readSecrets, readSigning, schemeIn, type SigningFlags } from '../signing-flags.ts';

interface ReplayFlags extends HostFlags, SigningFlags {
  readonly to: string;
  readonly resigned?: boolean;
  readonly body?: string;
  readonly insecure?: boolean;
}

type ReplayInput = Parameters<EngineClient['captures']['replay']>[0];

/** The `captures replay` command: one captured request to one target, with a line for each attempt. */
export function replayCaptureCommand(): Command {
  const command = new Command('replay')
    .description('Send a captured request on and follow its attempts; exits 0 once delivered, 1 when not')
    .argument('<id>', 'id of the capture')
    .requiredOption('--to <url|endpoint>', 'where to send: a URL, or the id or name of an endpoint')
    .option('--resigned', 'sign with a new timestamp, by default with the scheme and secret of the bin')
    .option('--body <file>', 'send these bytes in place of the captured body, - is standard input')
    .option('--insecure', 'accept any TLS certificate of a URL');
  return addHostFlags(addSigningFlags(command)).action(replay);
}

async function replay(id: string, flags: ReplayFlags): Promise<void> {
  const files = createFileReader();
  const sent = readSent(flags, files);
  const interrupt = listenForInterrupt();
  const session = await connect(flags.dataDir);
  try {
    const to = isUrl(flags.to) ? { url: flags.to } : { endpointId: await findEndpoint(session.client, flags.to) };
    // Followed before it is sent, so that no attempt is missed.
    const changes = await session.follow();
    const answer = await session.client.captures.replay({ id, ...to, ...sent });
    const { client } = session;
    process.exitCode = await followSent({ client, changes, answer, what: id, json: flags.json === true }, interrupt);
  } finally {
    interrupt.release();
    await session.close();
  }
}

/** What is sent and how it is signed. */
function readSent(flags: ReplayFlags, files: FileReader): Omit<ReplayInput, 'id'> {
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
    verifyTls: flags.insecure !== true,
    ...(signing === null ? {} : { signing }),
    ...(secret === undefined ? {} : { secret }),
    ...(flags.body === undefined ? {} : { bodyBase64: Buffer.from(files.bytes(flags.body, '--body')).toString('base64') }),
  };
}
