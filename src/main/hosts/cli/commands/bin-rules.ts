import { Command } from 'commander';
import type { AnswerRuleInput } from '#shared/contract/bin-answers.ts';
import type { Bin } from '#shared/contract/bins.ts';
import { collect, wholeNumber } from '#hosts/shared/command-line.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import { addRuleFlags, readHeaders, readRule, type RuleFlags } from '../answer-flags.ts';
import { answersText } from '../describe-answers.ts';
import type { EngineClient } from '../engine-client.ts';
import { findBin } from '../find-bin.ts';
import { createFileReader } from '../input.ts';
import { addHostFlags, ask, type HostFlags } from '../listing.ts';
import { table } from '../output.ts';

interface PlaceFlags extends HostFlags, RuleFlags {
  readonly place?: number;
  readonly off?: boolean;
  readonly on?: boolean;
}

const newRule: AnswerRuleInput = {
  name: '',
  isActive: true,
  match: null,
  count: null,
  key: 'none',
  sequence: null,
  failures: null,
  response: { status: 200, headers: {}, body: '', delayMs: 0, isTemplate: true, fault: null },
};
const binArgument = ['<bin>', 'the bin, by its id, slug or name'] as const;
const ruleArgument = ['<rule>', 'the rule, by its place from 1, its name or its id'] as const;

/** `bins add-rule` */
export function addRuleCommand(): Command {
  const command = new Command('add-rule')
    .description('Add a rule that answers some requests of a bin')
    .argument(...binArgument)
    .option('--name <name>', 'name of the rule')
    .option('--place <n>', 'its place among the rules, from 1 (default: the last)', wholeNumber(1, 50))
    .option('--off', 'switched off for now');
  return addHostFlags(addRuleFlags(command)).action(async (wanted: string, flags: PlaceFlags) => {
    const rule = { ...readRule(flags, createFileReader(), newRule), isActive: flags.off !== true };
    await changeRules(flags, wanted, (rules) => rules.toSpliced(flags.place === undefined ? rules.length : flags.place - 1, 0, rule));
  });
}

/** `bins set-rule` */
export function setRuleCommand(): Command {
  const command = new Command('set-rule')
    .description('Change a rule, move it, or switch it on or off')
    .argument(...binArgument)
    .argument(...ruleArgument)
    .option('--name <name>', 'another name')
    .option('--place <n>', 'another place among the rules, from 1', wholeNumber(1, 50))
    .option('--off', 'switch it off')
    .option('--on', 'switch it on');
  return addHostFlags(addRuleFlags(command)).action(async (wanted: string, which: string, flags: PlaceFlags) => {
    if (flags.on === true && flags.off === true) throw usageError('Give --on or --off, not both.');
    await changeRules(flags, wanted, (rules) => {
      const at = placeOf(rules, which);
      const before = rules[at] ?? newRule;
      const isActive = flags.on === true || (flags.off !== true && before.isActive);
      const rule = { ...readRule(flags, createFileReader(), before), isActive };
      return rules.toSpliced(at, 1).toSpliced(flags.place === undefined ? at : flags.place - 1, 0, rule);
    });
  });
}

/** `bins remove-rule` */
export function removeRuleCommand(): Command {
  return addHostFlags(new Command('remove-rule').description('Remove a rule'))
    .argument(...binArgument)
    .argument(...ruleArgument)
    .action(async (wanted: string, which: string, flags: HostFlags) => {
      await changeRules(flags, wanted, (rules) => rules.toSpliced(placeOf(rules, which), 1));
    });
}

async function changeRules(
  flags: HostFlags,
  wanted: string,
  change: (rules: readonly AnswerRuleInput[]) => AnswerRuleInput[],
): Promise<void> {
  await ask(
    flags,
    async (client) => {
      const id = await findBin(client, wanted);
      const { answers, updatedAtMs } = await client.bins.get({ id });
      return client.bins.update({ id, ifUpdatedAtMs: updatedAtMs, answers: { rules: change(answers.rules) } });
    },
    (bin: Bin) => [bin.url, ...answersText(bin)].join('\n'),
  );
}

/** The place of a rule, from 0, that is named by its id, its place from 1 or its name. Throws a usage error. */
export function placeOf(rules: readonly Pick<AnswerRuleInput, 'id' | 'name'>[], which: string): number {
  const byId = rules.findIndex(({ id }) => id === which);
  if (byId !== -1) return byId;
  if (/^\d+$/.test(which) && Number(which) >= 1 && Number(which) <= rules.length) return Number(which) - 1;
  const named = rules.flatMap(({ name }, index) => (name.toLowerCase() === which.toLowerCase() ? [index] : []));
  const [first, ...others] = named;
  if (first === undefined)
    throw usageError(`There is no rule "${which}": the bin has ${rules.length === 0 ? 'none' : `the places 1 to ${rules.length}`}.`);
  if (others.length > 0)
    throw usageError(`${named.length} rules are called "${which}": give a place, ${named.map((each) => each + 1).join(' or ')}.`);
  return first;
}

interface ResetFlags extends HostFlags {
  readonly rule?: string;
  readonly own?: boolean;
  readonly value?: string;
}

/** `bins reset` */
export function resetCommand(): Command {
  return addHostFlags(new Command('reset').description('Begin the counters and sequences of a bin anew'))
    .argument(...binArgument)
    .option('--rule <rule>', 'only those of a rule, by its place from 1, its name or its id')
    .option('--own', "only those of the bin's own answer")
    .option('--value <value>', 'only for this value of the key, such as one message id')
    .action(async (wanted: string, flags: ResetFlags) => {
      await ask(
        flags,
        async (client) => {
          const id = await findBin(client, wanted);
          return client.answers.reset({
            id,
            ...(await meantRule(client, id, flags)),
            ...(flags.value === undefined ? {} : { value: flags.value }),
          });
        },
        ({ resetCounters }) => `${resetCounters} counters begin anew.`,
      );
    });
}

async function meantRule(client: EngineClient, id: string, { rule, own }: ResetFlags): Promise<{ readonly ruleId?: string | null }> {
  if (rule !== undefined && own === true) throw usageError('Give --rule or --own, not both.');
  if (own === true) return { ruleId: null };
  if (rule === undefined) return {};
  const { answers } = await client.bins.get({ id });
  return { ruleId: answers.rules[placeOf(answers.rules, rule)]?.id ?? '' };
}

interface PreviewFlags extends HostFlags {
  readonly capture?: string;
  readonly method?: string;
  readonly path?: string;
  readonly query?: string;
  readonly header?: readonly string[];
  readonly body?: string;
  readonly bodyFile?: string;
}

type PreviewInput = Parameters<EngineClient['answers']['preview']>[0];

/** `bins preview` */
export function previewAnswerCommand(): Command {
  return addHostFlags(new Command('preview').description('See how a bin would answer, without anything being counted'))
    .argument(...binArgument)
    .option('--capture <id>', 'a capture of the bin, in place of a request that is written here')
    .option('--method <method>', 'method of the request')
    .option('--path <path>', "its path behind the bin's own, such as /orders/1")
    .option('--query <query>', 'its query, such as source=shop')
    .option('--header <header>', 'a header such as "X-Id: 1"; repeatable', collect)
    .option('--body <text>', 'its body')
    .option('--body-file <file>', 'file with its body, - is standard input')
    .action(async (wanted: string, flags: PreviewFlags) => {
      const asked = previewInput(flags);
      await ask(
        flags,
        async (client) => client.answers.preview({ id: await findBin(client, wanted), ...asked }),
        ({ status, headers, body, fault, delayMs, answeredBy, checks }) =>
          [
            fault === null ? String(status) : `${fault} (${status})`,
            ...headers.map(([name, value]) => `${name}: ${value}`),
            '',
            body,
            '',
            ...(delayMs === 0 ? [] : [`after ${delayMs} ms`]),
            `${answeredBy.label}: ${answeredBy.why}`,
            ...checks.filter(({ isTaken }) => !isTaken).map(({ label, message }) => `not ${label}: ${message}`),
          ].join('\n'),
      );
    });
}

function previewInput(flags: PreviewFlags): Omit<PreviewInput, 'id'> {
  const { capture, method, path, query, header, body, bodyFile } = flags;
  if (capture !== undefined) return { captureId: capture };
  if (body !== undefined && bodyFile !== undefined) throw usageError('Give --body or --body-file, not both.');
  const text = bodyFile === undefined ? body : createFileReader().text(bodyFile, '--body-file');
  return {
    // The host checks it and names each field that is wrong.
    request: {
      ...(method === undefined ? {} : { method: method.toUpperCase() }),
      ...(path === undefined ? {} : { path }),
      ...(query === undefined ? {} : { query }),
      ...(header === undefined ? {} : { headers: readHeaders(header) }),
      ...(text === undefined ? {} : { body: text }),
    } as PreviewInput['request'],
  };
}

/** `bins handshakes` */
export function handshakesCommand(): Command {
  return addHostFlags(new Command('handshakes').description('List the handshakes that a bin can answer, and what each gives away')).action(
    async (flags: HostFlags) => {
      await ask(
        flags,
        (client) => client.answers.handshakes(),
        ({ items }) =>
          table(
            ['ID', 'SCHEMES', 'HANDSHAKE', 'GIVES AWAY'],
            items.map(({ id, schemes, title, givesAway }) => [id, schemes.join(', ') || '-', title, givesAway]),
          ),
      );
    },
  );
}
