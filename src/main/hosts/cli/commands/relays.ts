import { Command } from 'commander';
import { allPages } from '#shared/all-pages.ts';
import type { Relay } from '#shared/contract/relays.ts';
import type { RelayTarget } from '#shared/contract/relay-targets.ts';
import { matchTexts } from '#shared/match-text.ts';
import { isUrl } from '#shared/names/nearest-name.ts';
import { relaySkipWords } from '#shared/relay-words.ts';
import { collect } from '#hosts/shared/command-line.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import type { EngineClient } from '../engine-client.ts';
import { findBin } from '../find-bin.ts';
import { findEndpoint } from '../find-endpoint.ts';
import { createFileReader, parseJsonOption } from '../input.ts';
import { addHostFlags, addListFlags, ask, noteNext, pageOf, type HostFlags, type ListFlags } from '../listing.ts';
import { addMatchFlag, matchOf, type MatchFlags } from '../match-flag.ts';
import { printNote, table, toned } from '../output.ts';
import { answerCommand, answerLines, differencesCommand, shadowCommand } from './relay-answers.ts';
import { parseRetry } from '../retry-flag.ts';
import { countText } from '../count-text.ts';

interface CreateFlags extends HostFlags, MatchFlags {
  readonly bin?: string;
  readonly to?: readonly string[];
  readonly retry?: string;
  readonly ordered?: boolean;
  readonly paused?: boolean;
  readonly file?: string;
}

type RelayInput = Parameters<EngineClient['relays']['create']>[0];

/** The `relays` commands. */
export function relaysCommand(): Command {
  const list = addListFlags(new Command('list').description('List relays, newest first')).action(async (flags: ListFlags) => {
    await ask(
      flags,
      (client) => client.relays.list(pageOf(flags)),
      ({ items, next }) => {
        noteNext(next);
        return table(
          ['ID', 'NAME', 'STATE', 'FORWARDED', 'QUEUED', 'TARGETS'],
          items.map((relay) => [
            relay.id,
            relay.name,
            stateOf(relay),
            String(relay.forwarded),
            String(relay.queued),
            relay.targets.map(({ url }) => url).join(', '),
          ]),
        );
      },
    );
  });
  const show = one('show', 'Show a relay with how its targets do', (_client, relay) => Promise.resolve(relay));
  const pause = one('pause', 'Pause a relay; captures wait until it is resumed', (client, { id }) =>
    client.relays.update({ id, isActive: false }),
  );
  const resume = one('resume', 'Go on with a paused relay; what waits is forwarded', (client, { id }) =>
    client.relays.update({ id, isActive: true }),
  );
  const remove = addHostFlags(new Command('delete').description('Delete a relay, and cancel what waits for its URLs'))
    .argument('<relay>', 'its id or name')
    .action(async (idOrName: string, flags: HostFlags) => {
      await ask(
        flags,
        async (client) => client.relays.remove({ id: (await findRelay(client, idOrName)).id }),
        ({ id, dropped, cancelledDeliveries }) =>
          `Deleted ${id}: ${countText(dropped, 'waiting capture was', 'waiting captures were')} not forwarded, ${countText(cancelledDeliveries, 'delivery was', 'deliveries were')} cancelled`,
      );
    });
  return new Command('relays')
    .description('Rules that forward what a bin captures')
    .addCommand(list)
    .addCommand(createCommand())
    .addCommand(show)
    .addCommand(pause)
    .addCommand(resume)
    .addCommand(answerCommand({ find: findRelay, describe: describeRelay }))
    .addCommand(shadowCommand({ find: findRelay, describe: describeRelay }))
    .addCommand(differencesCommand({ find: findRelay }))
    .addCommand(remove);
}

function createCommand(): Command {
  const command = new Command('create')
    .description('Forward what a bin captures, from now on')
    .argument('[name]', 'name of the relay')
    .option('--bin <bin>', 'the bin, by its id, slug or name')
    .option('--to <url|endpoint>', 'where to, once or several times: a URL, or the id or name of an endpoint', collect)
    .option('--retry <policy>', 'how often a URL is tried: a preset, delays such as 1s,30s,5m, or none')
    .option('--ordered', 'to a URL one after the other, in the order in which they came')
    .option('--paused', 'begin paused')
    .option('--file <file>', 'all of it as JSON, as POST /api/relays takes it; - is standard input');
  return addHostFlags(addMatchFlag(command, 'forward only this')).action(async (name: string | undefined, flags: CreateFlags) => {
    await ask(
      flags,
      async (client) => client.relays.create(await inputOf(client, name, flags)),
      ({ warnings, ...relay }, client) => {
        for (const { message } of warnings) printNote(message);
        return describeRelay(relay, client);
      },
    );
  });
}

async function inputOf(client: EngineClient, name: string | undefined, flags: CreateFlags): Promise<RelayInput> {
  // The host checks it and names each field that is wrong.
  if (flags.file !== undefined) return parseJsonOption(createFileReader().text(flags.file, '--file'), '--file') as RelayInput;
  if (name === undefined || flags.bin === undefined || flags.to === undefined)
    throw usageError('Give a name, --bin and --to, such as: hookyard relays create Orders --bin shop --to http://localhost:3000/hooks');
  const ofUrl = {
    ...(flags.retry === undefined ? {} : { retryPolicy: parseRetry(flags.retry) }),
    ...(flags.ordered === true ? { isOrdered: true } : {}),
  };
  const targets: RelayInput['targets'] = [];
  for (const to of flags.to) targets.push(isUrl(to) ? { url: to, ...ofUrl } : { endpointId: await findEndpoint(client, to) });
  return { name, binId: await findBin(client, flags.bin), match: matchOf(flags), targets, isActive: flags.paused !== true };
}

function one(verb: string, description: string, act: (client: EngineClient, relay: Relay) => Promise<Relay>): Command {
  return addHostFlags(new Command(verb).description(description))
    .argument('<relay>', 'its id or name')
    .action(async (idOrName: string, flags: HostFlags) => {
      await ask(flags, async (client) => act(client, await findRelay(client, idOrName)), describeRelay);
    });
}

async function findRelay(client: Pick<EngineClient, 'relays'>, idOrName: string): Promise<Relay> {
  const relays = await allPages((from) => client.relays.list({ limit: 200, ...from }));
  const byId = relays.find(({ id }) => id === idOrName);
  const [found, ...others] = byId === undefined ? relays.filter(({ name }) => name.toLowerCase() === idOrName.toLowerCase()) : [byId];
  if (found === undefined) throw usageError(`There is no relay "${idOrName}": "hookyard relays list" shows them.`);
  if (others.length > 0) throw usageError(`${others.length + 1} relays are called "${idOrName}": give an id of "hookyard relays list".`);
  return found;
}

function stateOf({ isActive, problem }: Relay): string {
  if (problem !== null) return 'stopped';
  return isActive ? 'active' : 'paused';
}

/** A relay in some lines. */
async function describeRelay(relay: Relay, client: EngineClient): Promise<string> {
  const tone = relay.problem !== null ? 'bad' : relay.isActive ? 'good' : 'waiting';
  const filter = matchTexts(relay.match);
  return [
    `${relay.name}  (${relay.id})  ${toned(stateOf(relay), tone)}`,
    ...(relay.problem === null ? [] : [relay.problem]),
    `Forwards ${filter.length === 0 ? 'everything' : filter.join(' and ')} of ${(await client.bins.get({ id: relay.binId })).name}: ${countText(relay.forwarded, 'capture', 'captures')} forwarded, ${relay.queued} in the queue${queueText(relay)}`,
    ...answerLines(relay),
    ...relay.skipped.map(({ reason, count }) => `${count} not forwarded: ${relaySkipWords[reason]}`),
    '',
    table(['TARGET', 'HEALTH', 'FORWARDED', 'PENDING', 'URL'], relay.targets.map(targetRow)),
  ].join('\n');
}

/** What becomes of those in the queue. */
function queueText({ queued, isActive, problem }: Relay): string {
  if (queued === 0 || problem !== null) return '';
  return isActive ? ', which go on now' : ' until it is resumed';
}

/** What a URL without a name is called. */
function nameOfUrl(url: string): string {
  return URL.parse(url)?.host ?? url;
}

function targetRow({ name, health, forwarded, pendingDeliveries, url, match }: RelayTarget): readonly string[] {
  const filter = matchTexts(match);
  return [
    name === '' ? nameOfUrl(url) : name,
    health,
    String(forwarded),
    String(pendingDeliveries),
    `${url}${filter.length === 0 ? '' : `  if ${filter.join(' and ')}`}`,
  ];
}
