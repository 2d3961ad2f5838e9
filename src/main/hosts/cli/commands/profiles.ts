import { Command } from 'commander';
import { profileFile, type Profile, type ProfileSummary } from '#shared/contract/profiles.ts';
import { builtInProfile, builtInProfiles } from '#shared/profiles/index.ts';
import { contentOf, summaryOf } from '#shared/profiles/profile.ts';
import { dataDirOption } from '#hosts/shared/command-line.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import { findRunningHost } from '#hosts/shared/host-file.ts';
import { connect, connectTo } from '../engine-client.ts';
import { findProfile } from '../find-profile.ts';
import { createFileReader, parseJsonOption } from '../input.ts';
import { addHostFlags, addListFlags, ask, noteNext, pageOf, type HostFlags, type ListFlags } from '../listing.ts';
import { printJson, printLine, printNote, table } from '../output.ts';

/** The `profiles` commands. */
export function profilesCommand(): Command {
  const list = addListFlags(
    new Command('list').description('List profiles: saved ones of the running Hookyard, and the built-in ones'),
  ).action(listProfiles);
  const show = addHostFlags(
    new Command('show').description('Show what a profile sets, its events and samples, and how well each fact is known'),
  )
    .argument('<profile>', 'id of a profile, such as stripe')
    .action(async (id: string, flags: HostFlags) => {
      const profile = await profileFor(id, flags.dataDir);
      if (flags.json === true) printJson(profile);
      else printLine(describeProfile(profile));
    });
  const exportCommand = new Command('export')
    .description('Print a profile as the JSON file that import takes')
    .argument('<profile>', 'id of a profile')
    .addOption(dataDirOption())
    .action(async (id: string, flags: HostFlags) => {
      printJson({ hookyardProfile: 1, profile: contentOf(await profileFor(id, flags.dataDir)) });
    });
  const importCommand = addHostFlags(new Command('import').description('Save the profile of a file in the running Hookyard'))
    .argument('<file>', 'a file that export printed, - is standard input')
    .action(async (path: string, flags: HostFlags) => {
      const file = readProfileFile(path);
      await ask(
        flags,
        (client) => client.profiles.import(file),
        ({ id, name }) => `Saved ${name} as ${id}`,
      );
    });
  const propose = addHostFlags(new Command('propose').description('Make a profile from a captured request, and print or save it'))
    .argument('<capture>', 'id of the capture')
    .option('--name <name>', 'what to call it')
    .option('--save', 'save it in place of printing the file')
    .action(proposeFromCapture);
  return new Command('profiles')
    .description('Look at the systems that an endpoint can behave like, and keep your own')
    .addCommand(list)
    .addCommand(show)
    .addCommand(exportCommand)
    .addCommand(importCommand)
    .addCommand(propose);
}

interface ProposeFlags extends HostFlags {
  readonly name?: string;
  readonly save?: boolean;
}

async function proposeFromCapture(captureId: string, flags: ProposeFlags): Promise<void> {
  const session = await connect(flags.dataDir);
  try {
    const { client } = session;
    const { profile, notes } = await client.profiles.propose({ captureId, ...(flags.name === undefined ? {} : { name: flags.name }) });
    for (const note of notes) printNote(note);
    if (flags.save !== true) return printJson({ hookyardProfile: 1, profile });
    const saved = await client.profiles.create(profile);
    if (flags.json === true) printJson(saved);
    else printLine(`Saved ${saved.name} as ${saved.id}`);
  } finally {
    await session.close();
  }
}

/** A profile that is shown: a built-in one needs no running host. */
async function profileFor(id: string, dataDir: string): Promise<Profile> {
  const host = builtInProfile(id) === undefined ? await findRunningHost(dataDir) : null;
  if (host === null) return findProfile(null, id);
  const session = await connectTo(host);
  try {
    return await findProfile(session.client, id);
  } finally {
    await session.close();
  }
}

async function listProfiles(flags: ListFlags): Promise<void> {
  const rows = (items: readonly ProfileSummary[]) =>
    table(
      ['ID', 'NAME', 'SIGNED BY', 'EVENTS'],
      items.map(({ id, name, scheme, eventTypes }) => [id, name, scheme ?? '-', String(eventTypes)]),
    );
  if ((await findRunningHost(flags.dataDir)) !== null)
    return await ask(
      flags,
      (client) => client.profiles.list(pageOf(flags)),
      ({ items, next }) => {
        noteNext(next);
        return rows(items);
      },
    );
  const items = builtInProfiles().map(summaryOf);
  if (flags.json === true) printJson({ items, next: null });
  else printLine(rows(items));
  printNote('These are built in. No Hookyard runs on this data folder, so saved ones are not shown.');
}

function readProfileFile(path: string) {
  const parsed = profileFile.safeParse(parseJsonOption(createFileReader().text(path, 'The file'), 'The file'));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw usageError(`The file is no profile: ${[issue?.path.join('.'), issue?.message].filter((part) => part !== '').join(': ')}`);
}

function describeProfile({ id, name, summary, fields, constraints, facts, eventTypes }: Profile): string {
  return [
    `${name}  (${id})`,
    ...(summary === '' ? [] : [summary]),
    '',
    ...Object.entries(fields).map(([field, value]) => `${field.padEnd(14)}  ${typeof value === 'string' ? value : JSON.stringify(value)}`),
    ...(constraints.exactlyOneEvent ? ['An endpoint has exactly one event type.'] : []),
    '',
    table(
      ['EVENT', 'TITLE', 'SAMPLES'],
      eventTypes.map((eventType) => [eventType.name, eventType.title, eventType.samples.map((sample) => sample.name).join(', ')]),
    ),
    ...(facts.length === 0
      ? []
      : [
          '',
          ...facts.map(
            (fact) => `[${fact.certainty}] ${fact.text}${fact.source === null ? '' : ` (${fact.source}, ${fact.asOf ?? 'no date'})`}`,
          ),
        ]),
  ].join('\n');
}
