import { Command } from 'commander';
import type { Bin } from '#shared/contract/bins.ts';
import { readTogether } from '#hosts/shared/exit-error.ts';
import { addAnswersFlags, addResponseFlags, readAnswers, readResponse, type AnswersFlags, type ResponseFlags } from '../answer-flags.ts';
import { addBinWireFlags, addressLines, faultLines, readBinAddress, type BinWireFlags } from '../bin-wire-flags.ts';
import { answersText, counterLines } from '../describe-answers.ts';
import type { EngineClient } from '../engine-client.ts';
import { findBin } from '../find-bin.ts';
import { createFileReader, type FileReader } from '../input.ts';
import { addHostFlags, addListFlags, ask, noteNext, pageOf, type HostFlags, type ListFlags } from '../listing.ts';
import { table } from '../output.ts';
import { addSigningFlags, readSecrets, readSigning, schemeIn, type SigningFlags } from '../signing-flags.ts';
import { countText } from '../count-text.ts';
import { addRuleCommand, handshakesCommand, previewAnswerCommand, removeRuleCommand, resetCommand, setRuleCommand } from './bin-rules.ts';

interface BinFlags extends HostFlags, ResponseFlags, AnswersFlags, SigningFlags, BinWireFlags {
  readonly name?: string;
  readonly slug?: string;
}

/** The `bins` commands. */
export function binsCommand(): Command {
  const list = addListFlags(new Command('list').description('List bins, newest first')).action(async (flags: ListFlags) => {
    await ask(
      flags,
      (client) => client.bins.list(pageOf(flags)),
      ({ items, next }) => {
        noteNext(next);
        return table(
          ['ID', 'NAME', 'CAPTURES', 'RULES', 'SCHEME', 'URL'],
          items.map((bin) => [
            bin.id,
            bin.name,
            String(bin.captureCount),
            String(bin.answers.rules.length),
            bin.signing?.scheme ?? '-',
            bin.url,
          ]),
        );
      },
    );
  });
  const show = addHostFlags(new Command('show').description('Show a bin with how it answers and how far its counters are'))
    .argument('<bin>', 'its id, slug or name')
    .action(async (wanted: string, flags: HostFlags) => {
      await ask(
        flags,
        async (client) => {
          const id = await findBin(client, wanted);
          const [bin, { counters }] = await Promise.all([client.bins.get({ id }), client.answers.state({ id })]);
          return { ...bin, counters };
        },
        ({ counters, ...bin }) => [describeBin(bin), ...counterLines(bin, counters)].join('\n'),
      );
    });
  const create = addBinFlags(
    new Command('create').description('Create a bin, a local URL that captures').argument('<name>', 'its name'),
  ).action(async (name: string, flags: BinFlags) => {
    const files = createFileReader();
    const { answers, fields } = readTogether({ answers: () => readAnswers(flags, files, {}), fields: () => fieldsOf(flags, files) });
    await ask(flags, (client) => client.bins.create({ ...fields, name, answers }), describeBin);
  });
  const update = addBinFlags(new Command('update').description('Change a bin').argument('<bin>', 'its id, slug or name'))
    .option('--name <name>', 'another name')
    .action(async (wanted: string, flags: BinFlags) => {
      await ask(flags, (client) => changed(client, wanted, flags), describeBin);
    });
  const remove = addHostFlags(new Command('delete').description('Delete a bin and its captures; they can be restored for 10 minutes'))
    .argument('<bin>', 'its id, slug or name')
    .action(async (wanted: string, flags: HostFlags) => {
      await ask(
        flags,
        async (client) => client.bins.remove({ id: await findBin(client, wanted) }),
        ({ id, removedCaptures }) => `Deleted ${id} with ${countText(removedCaptures, 'capture', 'captures')}`,
      );
    });
  return new Command('bins')
    .description('Local URLs that capture, and how they answer')
    .addCommand(list)
    .addCommand(show)
    .addCommand(create)
    .addCommand(update)
    .addCommand(remove)
    .addCommand(addRuleCommand())
    .addCommand(setRuleCommand())
    .addCommand(removeRuleCommand())
    .addCommand(resetCommand())
    .addCommand(previewAnswerCommand())
    .addCommand(handshakesCommand());
}

function addBinFlags(command: Command): Command {
  const flagged = addBinWireFlags(command.option('--slug <slug>', 'its path at the listener'));
  return addHostFlags(addSigningFlags(addAnswersFlags(addResponseFlags(flagged)), 'none for no check of signatures'));
}

async function changed(client: EngineClient, wanted: string, flags: BinFlags): Promise<Bin> {
  const files = createFileReader();
  const id = await findBin(client, wanted);
  const before = await client.bins.get({ id });
  const { answers, fields } = readTogether({
    answers: () => readAnswers(flags, files, before.answers),
    fields: () => fieldsOf(flags, files),
  });
  return client.bins.update({
    id,
    ...(flags.name === undefined ? {} : { name: flags.name }),
    ...fields,
    ...(Object.keys(answers).length === 0 ? {} : { answers }),
  });
}

/** What flags say of a bin beside its answers. */
function fieldsOf(flags: BinFlags, files: FileReader) {
  const response = readResponse(flags, files);
  const isUnsigned = flags.scheme === 'none';
  const isSigningGiven = schemeIn(flags) !== undefined;
  const secrets = isUnsigned ? [] : [...readSecrets(flags, files, process.env)];
  return {
    ...(flags.slug === undefined ? {} : { slug: flags.slug }),
    ...(Object.keys(response).length === 0 ? {} : { response }),
    ...(isSigningGiven ? { signing: isUnsigned ? null : readSigning(flags, false) } : {}),
    ...(secrets.length > 0 ? { secrets } : {}),
    ...readBinAddress(flags),
  };
}

/** A bin in some lines. */
function describeBin(bin: Bin): string {
  const scheme = bin.signing === null ? 'not checked' : `checked by ${bin.signing.scheme}`;
  return [
    `${bin.name}  (${bin.id})`,
    ...addressLines(bin),
    `Signatures are ${scheme}; ${countText(bin.captureCount, 'capture', 'captures')}`,
    ...answersText(bin),
    ...faultLines(bin),
  ].join('\n');
}
