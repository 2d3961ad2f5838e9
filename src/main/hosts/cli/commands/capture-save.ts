import { writeFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { capturedUrl, curlCommand } from '#shared/curl-command.ts';
import { testFramework, type TestFramework } from '#shared/contract/test-files.ts';
import { collect, wholeNumber } from '#hosts/shared/command-line.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import { findBin } from '../find-bin.ts';
import { addHostFlags, ask, type HostFlags } from '../listing.ts';
import { printNote } from '../output.ts';
import { readSigning, type SigningFlags } from '../signing-flags.ts';
import { placeOf } from './bin-rules.ts';

const idArgument = ['<id>', 'id of the capture'] as const;

/** The `captures save-as` commands: what a captured request can be kept as. `profiles propose` makes a profile of one. */
export function saveAsCommand(): Command {
  return new Command('save-as')
    .description('Save a captured request as a sample, an event type, an answer, a test file or a curl command')
    .addCommand(sampleCommand())
    .addCommand(eventTypeCommand())
    .addCommand(answerCommand())
    .addCommand(testCommand())
    .addCommand(saveCurlCommand());
}

/** `captures save-as sample` */
function sampleCommand(): Command {
  return addHostFlags(new Command('sample').description('Add its body to an event type as a sample, with every digit'))
    .argument(...idArgument)
    .requiredOption('--event-type <name>', 'the event type')
    .option('--name <name>', 'what to call the sample')
    .action(
      async (captureId: string, flags: HostFlags & { readonly eventType: string; readonly name?: string }) =>
        await ask(
          flags,
          (client) =>
            client.eventTypes.addSample({
              name: flags.eventType,
              captureId,
              ...(flags.name === undefined ? {} : { sample: flags.name }),
            }),
          ({ name, addedSample, warnings }) => {
            for (const { message } of warnings) printNote(message);
            return `Added the sample ${addedSample} to ${name}`;
          },
        ),
    );
}

/** `captures save-as event-type` */
function eventTypeCommand(): Command {
  return addHostFlags(
    new Command('event-type').description('Make an event type of it, with its body as the sample and a JSON Schema inferred from it'),
  )
    .argument(...idArgument)
    .option('--name <name>', 'what to call it; by default what the request says')
    .option('--dry-run', 'only print what would be saved')
    .action(
      async (captureId: string, flags: HostFlags & { readonly name?: string; readonly dryRun?: boolean }) =>
        await ask(
          flags,
          async (client) => {
            const { eventType, notes } = await client.eventTypes.propose({
              captureId,
              ...(flags.name === undefined ? {} : { name: flags.name }),
            });
            for (const note of notes) printNote(note);
            return flags.dryRun === true ? eventType : await client.eventTypes.create(eventType);
          },
          (eventType) => ('warnings' in eventType ? `Saved ${eventType.name}` : JSON.stringify(eventType, null, 2)),
        ),
    );
}

/** `captures save-as answer` */
function answerCommand(): Command {
  return addHostFlags(new Command('answer').description('Have a bin answer with its body and content type'))
    .argument(...idArgument)
    .requiredOption('--bin <bin>', 'id, slug or name of the bin that answers so')
    .option('--rule <rule>', 'the rule whose answer it is, by its place from 1, its name or its id')
    .action(
      async (captureId: string, flags: HostFlags & { readonly bin: string; readonly rule?: string }) =>
        await ask(
          flags,
          async (client) => {
            const bin = await client.bins.get({ id: await findBin(client, flags.bin) });
            const rule = flags.rule === undefined ? undefined : bin.answers.rules[placeOf(bin.answers.rules, flags.rule)];
            return await client.bins.answerWith({ id: bin.id, captureId, ...(rule === undefined ? {} : { ruleId: rule.id }) });
          },
          ({ name, slug }) =>
            `${flags.rule === undefined ? `${name} (${slug})` : `The rule ${flags.rule} of ${name} (${slug})`} answers with the body of ${captureId}`,
        ),
    );
}

interface FileFlags extends HostFlags {
  readonly output?: string;
  readonly force?: boolean;
}

function addFileFlags(command: Command): Command {
  return command
    .option('--output <file>', 'the file to write; without it standard output')
    .option('--force', 'replace the file if there is one');
}

interface TestFlags extends FileFlags, Pick<SigningFlags, 'scheme' | 'option' | 'field'> {
  readonly framework: TestFramework;
  readonly status: number;
}

/** `captures save-as test` */
function testCommand(): Command {
  const command = new Command('test')
    .description('Write a test that sends it to your own receiver: the same bytes, signed at each run where its scheme allows')
    .argument(...idArgument)
    .addOption(new Option('--framework <framework>', 'what runs the test').choices(testFramework.options).makeOptionMandatory())
    .option('--status <n>', 'the status that the receiver is to answer', wholeNumber(100, 599), 200)
    .option('--scheme <scheme>', 'how it is signed, where neither its bin nor the request itself tells')
    .option('--option <key=value>', 'option of the scheme, such as header=X-Signature for custom; repeatable', collect)
    .option(
      '--field <place:name=text>',
      'what a custom scheme sends, such as "header:X-Signature=t={timestamp},v1={signature}"; repeatable',
      collect,
    );
  return addHostFlags(addFileFlags(command)).action(async (id: string, flags: TestFlags) => {
    const signing = readSigning(flags, false);
    await ask(
      flags,
      async (client) => {
        const { framework, status } = flags;
        const file = await client.captures.testFile({ id, framework, status, ...(signing === null ? {} : { signing }) });
        for (const note of file.notes) printNote(note);
        write(file.code, flags);
        return file;
      },
      ({ code }) => savedText(code, flags),
    );
  });
}

/** `captures save-as curl` */
function saveCurlCommand(): Command {
  const command = new Command('curl').description('Write a curl command that makes it again').argument(...idArgument);
  return addHostFlags(addFileFlags(command)).action(
    async (id: string, flags: FileFlags) =>
      await ask(
        flags,
        async (client) => {
          const { method, target, headers, bodyBase64, binId, isBodyTruncated } = await client.captures.get({ id });
          const { url } = await client.bins.get({ id: binId });
          if (isBodyTruncated) printNote('Only the first part of the body was received; the command sends that part.');
          const body = Buffer.from(bodyBase64, 'base64');
          const curl = curlCommand({ method, ...capturedUrl(new URL(url).origin, target), headers, body, masked: 'nothing' });
          write(`${curl}\n`, flags);
          return { curl };
        },
        ({ curl }) => savedText(curl, flags),
      ),
  );
}

/** Writes a file where one was asked for. Throws a usage error where that cannot be, or one is there already. */
function write(content: string, { output, force }: FileFlags): void {
  if (output === undefined) return;
  try {
    writeFileSync(output, content, { flag: force === true ? 'w' : 'wx' });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw usageError(
      code === 'EEXIST'
        ? `There is a file ${output} already: choose another name, or replace it with --force.`
        : `--output cannot write ${output} (${code}): give a file in a folder that exists and that you may write to.`,
      { cause: error },
    );
  }
}

/** What is printed: the content, or where it went. */
function savedText(content: string, { output }: FileFlags): string {
  return output === undefined ? content.trimEnd() : `Saved ${output}`;
}
