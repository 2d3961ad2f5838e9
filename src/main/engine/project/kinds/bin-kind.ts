import { allPages } from '#shared/all-pages.ts';
import { binInput, type Bin } from '#shared/contract/bins.ts';
import { assertAnswers, changedAnswers } from '../../capture/answering/change.ts';
import { noAnswers } from '../../capture/answering/config.ts';
import type { Fields } from '../read-project.ts';
import { keptBy } from '../secrets.ts';
import { fieldOf, omit, pick, withSecretsAside, type Kind } from './kind.ts';

const plainFields = ['response', 'signing', 'publicUrl', 'trustsProxy'];

/** Bins with their answers; what they are known by is the slug. */
export const binKind: Kind = {
  kind: 'bins',
  noun: 'bin',
  required: [],
  deciding: [],
  content: [],
  list: async ({ bins }) =>
    (await allPages((from) => bins.list({ limit: 200, ...from }))).map((bin) => ({ id: bin.id, name: bin.slug, fields: fieldsOf(bin) })),
  complete: (slug, fields, _world, current) => {
    const given = fieldOf(fields['answers'], 'verifyToken');
    const before = fieldOf(current?.['answers'], 'verifyToken');
    // Left out, it stays; null removes it, which is no change of a bin that has none.
    const isKept = given === undefined || (given === null && current !== null && before === undefined);
    const verifyToken = isKept ? before : given;
    const secrets = fields['secrets'] ?? current?.['secrets'];
    const whole = withSecretsAside(omit(fields, ['secrets']), (plain) => {
      const { answers, name, ...others } = binInput.omit({ slug: true, secrets: true }).parse({ name: slug, ...plain });
      const stored = changedAnswers(noAnswers, answers, () => '');
      // The bin would be refused when its turn comes, with others changed already.
      assertAnswers(stored, { response: others.response, scheme: others.signing?.scheme ?? null });
      const { epoch: _, verifyTokenFingerprint: __, rules, ...told } = stored;
      return { name, ...pick(others, plainFields), answers: { ...told, rules: rules.map((rule) => omit(rule, ['id', 'epoch'])) } };
    });
    const answers = { ...(whole['answers'] as Fields), ...(verifyToken === undefined ? {} : { verifyToken }) };
    return { ...whole, answers, secrets: secrets ?? [] };
  },
  create: async ({ bins }, slug, fields) => (await bins.create(binInput.parse({ slug, ...fields }))).id,
  update: async ({ bins }, { id }, changed) => {
    const { answers } = await bins.get({ id });
    const parsed = binInput.parse({ name: 'unused', ...changed });
    const given = pick(parsed, Object.keys(changed));
    await bins.update({ id, ...given, ...('answers' in changed ? { answers: withRuleIds(parsed.answers, answers.rules) } : {}) });
  },
  remove: async ({ bins }, id) => void (await bins.remove({ id })),
};

function fieldsOf({ name, answers, secretFingerprints, ...bin }: Bin): Fields {
  const { verifyTokenFingerprint, rules, ...told } = answers;
  return {
    name,
    ...pick(bin, plainFields),
    answers: {
      ...told,
      rules: rules.map((rule) => omit(rule, ['id'])),
      ...(verifyTokenFingerprint === null ? {} : { verifyToken: keptBy(verifyTokenFingerprint) }),
    },
    secrets: secretFingerprints.map((fingerprint) => keptBy(fingerprint)),
  };
}

/** Rules with the ids that those of the bin have, so that they keep their counters: by name, else by place. */
function withRuleIds<Answers extends { readonly rules?: readonly { readonly name: string }[] | undefined }>(
  answers: Answers,
  before: Bin['answers']['rules'],
): Answers {
  if (answers.rules === undefined) return answers;
  const left = [...before];
  const take = (index: number) => (index === -1 ? undefined : left.splice(index, 1)[0]?.id);
  const rules = answers.rules.map((rule, place) => {
    const id = take(left.findIndex(({ id: known, name }) => (rule.name === '' ? known === before[place]?.id : name === rule.name)));
    return id === undefined ? rule : { ...rule, id };
  });
  return { ...answers, rules };
}
