import { describe, expect, it, onTestFinished } from 'vitest';
import fc from 'fast-check';
import { admit, createDirectClient } from '#engine/index.ts';
import type { ApplyResult } from '#shared/contract/project.ts';
import { projectTextTask } from '#engine/project/project-text.ts';
import { readProject } from '#engine/project/read-project.ts';
import { startTestEngine } from '../../support/engine.ts';
import { startReceiver } from '../../support/scripted-receiver.ts';

const secrets = {
  'env:SHOP_SECRET': 'whsec_c2VjcmV0IG9mIHRoZSByZWNlaXZlciE=',
  'env:TOKEN': 'a-long-token',
  'file:key.txt': 'header value',
  'env:BIN_SECRET': 'whsec_YW5vdGhlciBzZWNyZXQgZW50aXJlbHkh',
};

const text = `# the project of the shop
hookyard: 1
environments:
  staging:
    variables:
      baseUrl: http://127.0.0.1:9
      token: { secret: env:TOKEN }
policies:
  Twice: { policy: { kind: schedule, delaysMs: [1000, 2000] } }
auths:
  Partner:
    parts:
      - { kind: bearer, token: env:TOKEN }
      - { kind: header, name: X-Key, value: file:key.txt }
profiles:
  Own:
    summary: Ours
    fields: { timeoutMs: 7000, headers: { X-Own: "1" }, signing: { scheme: standard-webhooks } }
eventTypes:
  invoice.paid:
    title: Paid
    samples:
      - name: alike
        data: { $secret: env:TOKEN, deep: { $fingerprint: 1 } }
      - name: exact
        data: { id: 9007199254740993, price: 1.10, big: 1e400, list: [0.0, -0] }
      - name: twice
        dataText: '{"a":1,"a":2,"10":1,"2":1}'
    schema: { type: object, properties: { price: { type: number }, $secret: { type: string } } }
bins:
  orders:
    name: Orders
    response: { status: 202, headers: { X-A: [a, b] }, body: "first\\r\\nsecond\\n" }
    signing: { scheme: standard-webhooks }
    secrets: [env:BIN_SECRET]
    answers:
      verifyToken: env:TOKEN
      rules:
        - { name: slow, match: { methods: [PUT] }, response: { status: 503, delayMs: 10 } }
endpoints:
  Shop:
    url: "{{ vars.baseUrl }}/hooks"
    profile: Own
    auth: Partner
    events: [invoice.*]
    secret: env:SHOP_SECRET
    secretHeaders: { X-Token: vault:staging/token }
    retryPolicy: { kind: named, policy: Twice }
  Plain: { url: "http://127.0.0.1:9/", signing: null, timeoutMs: 500 }
relays:
  To shop:
    bin: orders
    match: { eventTypes: [invoice.*] }
    targets:
      - { endpoint: Plain }
      - { url: "http://127.0.0.1:9/in", as: resigned, retryPolicy: { kind: named, policy: Twice } }
    answer: { target: 1 }
`;

async function openWorkspace() {
  const { engine } = await startTestEngine();
  return createDirectClient(engine.router, admit('test'));
}

const briefly = ({ changes }: ApplyResult) => changes.map(({ kind, name, action, state }) => `${action} ${kind}.${name} ${state}`);

describe('a project', () => {
  it('is applied, and has nothing to change a second time', async () => {
    const client = await openWorkspace();
    const planned = await client.project.apply({ text, secrets, dryRun: true });
    expect(briefly(planned)).toEqual([
      'create environments.staging planned',
      'create policies.Twice planned',
      'create auths.Partner planned',
      'create profiles.Own planned',
      'create eventTypes.invoice.paid planned',
      'create bins.orders planned',
      'create endpoints.Shop planned',
      'create endpoints.Plain planned',
      'create relays.To shop planned',
    ]);
    expect((await client.endpoints.list({})).items).toEqual([]);
    const first = await client.project.apply({ text, secrets });
    expect(first).toMatchObject({ isComplete: true, message: '9 things changed.' });
    expect(await client.project.apply({ text, secrets })).toMatchObject({
      changes: [],
      unchanged: 9,
      isComplete: true,
      message: 'There is nothing to change.',
    });
    const [shop] = (await client.endpoints.list({ q: 'Shop' })).items;
    expect(shop).toMatchObject({ timeoutMs: 7000, events: ['invoice.*'], secretHeaderNames: ['X-Token'], headers: { 'X-Own': '1' } });
    expect((await client.eventTypes.get({ name: 'invoice.paid' })).samples[1]?.dataText).toBe(
      '{"id":9007199254740993,"price":1.10,"big":1e400,"list":[0.0,-0]}',
    );
  });

  it('is written as it was applied, and gives the same bytes from another workspace', async () => {
    const client = await openWorkspace();
    await client.project.apply({ text, secrets });
    const written = await client.project.get();
    expect(written.text).not.toMatch(/a-long-token|header value|c2VjcmV0|YW5vdGhl/);
    expect(written.text).toContain('price: 1.10');
    expect(written.text).toContain('secret: env:SHOP_SECRET');
    expect(written.text).toContain('X-Token: vault:staging/token');
    // What has its default is left out.
    expect(written.text).not.toContain('timeoutMs: 15000');
    const other = await openWorkspace();
    expect(await other.project.apply({ text: written.text, secrets })).toMatchObject({ isComplete: true });
    expect((await other.project.get()).text).toBe(written.text);
    expect(await client.project.apply({ text: written.text, secrets })).toMatchObject({ changes: [] });
  });

  it('is written with a name of its own for each secret, whatever name a project gave to another', async () => {
    const client = await openWorkspace();
    await client.project.apply({ text: 'hookyard: 1\nendpoints: { Zed: { url: "http://a", secret: env:SHOP_SECRET } }', secrets });
    await client.endpoints.create({ name: 'Shop', url: 'http://b' });
    expect((await client.project.get()).secrets).toEqual(['env:SHOP_SECRET_2', 'env:SHOP_SECRET']);
    const [zed] = (await client.endpoints.list({ q: 'Zed' })).items;
    await client.endpoints.remove({ id: zed?.id ?? '' });
    expect((await client.project.get()).secrets).toEqual(['env:SHOP_SECRET']);
  });

  it('changes what differs, keeps what it does not have, and removes it only as a dry run has shown', async () => {
    const client = await openWorkspace();
    await client.project.apply({ text, secrets });
    const changed = text
      .replace('timeoutMs: 500', 'timeoutMs: 600')
      .replace('status: 202', 'status: 203')
      .replace('  Twice:', '  Thrice:')
      .replaceAll('policy: Twice', 'policy: Thrice');
    const other = { ...secrets, 'env:SHOP_SECRET': 'whsec_bm90IHRoZSBzZWNyZXQgb2YgdGhlIHJlY2VpdmVy' };
    const plan = await client.project.apply({ text: changed, secrets: other, dryRun: true });
    expect(
      plan.changes.flatMap(({ kind, name, fields }) => fields.map(({ path, before, after }) => [kind, name, path, before, after])),
    ).toEqual(
      expect.arrayContaining([
        ['bins', 'orders', 'response.status', '202', '203'],
        ['endpoints', 'Plain', 'timeoutMs', '500', '600'],
        ['endpoints', 'Shop', 'secret', '(secret)', '(secret)'],
        ['endpoints', 'Shop', 'retryPolicy.policy', '"Twice"', '"Thrice"'],
      ]),
    );
    expect(plan.others).toEqual([{ kind: 'policies', name: 'Twice' }]);
    expect(await client.project.apply({ text: changed, secrets: other })).toMatchObject({ isComplete: true });
    expect(await client.project.apply({ text: changed, secrets: other })).toMatchObject({ changes: [] });
    await expect(client.project.apply({ text: changed, secrets: other, prune: true })).rejects.toThrow('Give the planId of a dry run');
    const pruning = await client.project.apply({ text: changed, secrets: other, prune: true, dryRun: true });
    expect(briefly(pruning)).toEqual(['remove policies.Twice planned']);
    await client.policies.create({ name: 'Late', policy: { kind: 'none' } });
    await expect(client.project.apply({ text: changed, secrets: other, prune: true, planId: pruning.planId })).rejects.toThrow(
      'has changed since that dry run',
    );
    const again = await client.project.apply({ text: changed, secrets: other, prune: true, dryRun: true });
    expect(await client.project.apply({ text: changed, secrets: other, prune: true, planId: again.planId })).toMatchObject({
      isComplete: true,
    });
    expect((await client.policies.list({})).items.map(({ name }) => name)).toEqual(['Thrice']);
  });

  it('takes names that references and fingerprints have inside, also with values that look like them', async () => {
    const client = await openWorkspace();
    const given = `hookyard: 1
bins: { orders: { response: { headers: { $secret: a } } } }
endpoints:
  One: { url: "http://a", signing: null, headers: { $secret: "env:NOT_READ" }, secretHeaders: { $secret: env:HEADER, X.A: env:HEADER } }
  Two: { url: "http://a", signing: null, headers: { $fingerprint: deadbeef } }
relays:
  On: { bin: orders, targets: [{ url: "http://a", headers: { set: { $secret: b } }, query: { keep: true, set: { $secret: c }, remove: [] } }] }
`;
    expect((await client.project.references({ text: given })).secrets.map(({ reference }) => reference)).toEqual([
      'env:HEADER',
      'env:HEADER',
    ]);
    const order = { text: given, secrets: { 'env:HEADER': 'the value of a header' } };
    expect(await client.project.apply(order)).toMatchObject({ isComplete: true, message: '4 things changed.' });
    expect(await client.project.apply(order)).toMatchObject({ message: 'There is nothing to change.' });
    const [two, one] = (await client.endpoints.list({})).items;
    expect([two?.headers, one?.headers, one?.secretHeaderNames]).toEqual([
      { $fingerprint: 'deadbeef' },
      { $secret: 'env:NOT_READ' },
      ['$secret', 'X.A'],
    ]);
    const { text: written } = await client.project.get();
    expect(written).toContain('$secret: env:NOT_READ');
    expect((await client.project.apply({ ...order, text: written, secrets: order.secrets })).message).toBe('There is nothing to change.');
  });

  it('is the same elsewhere whatever things, variables and the fields of a schema are called', async () => {
    for (const name of ['<<', '__proto__', 'constructor']) {
      const [one, other] = [await openWorkspace(), await openWorkspace()];
      const variable = name === '<<' ? 'a' : name;
      const variables = [
        { name: variable, value: 'open', isSecret: false },
        { name: 'token', value: 'a-long-token', isSecret: true },
      ];
      await one.environments.create({ name, variables });
      await one.policies.create({ name, policy: { kind: 'schedule', delaysMs: [1000] } });
      await one.auths.create({ name, parts: [{ kind: 'bearer', token: 'a-long-token' }] });
      await one.endpoints.create({ name, url: 'http://127.0.0.1:9/', signing: null });
      const fields: unknown = JSON.parse(`{"properties":{"${name}":{"type":"string"},"b":{"type":"number"}}}`);
      const samples = [{ name: 'x', dataText: `{"${name}":1}` }];
      await one.eventTypes.create({ name: 'a.b', samples, schema: { type: 'object', ...(fields as object) } });
      const written = await one.project.get();
      const given = Object.fromEntries(written.secrets.map((reference) => [reference, 'a-long-token']));
      // Nothing to change where it comes from, and all of it elsewhere.
      const made = await other.project.apply({ text: written.text, secrets: given });
      expect(made).toMatchObject({ isComplete: true, message: '5 things changed.' });
      expect((await other.eventTypes.get({ name: 'a.b' })).schema).toEqual((await one.eventTypes.get({ name: 'a.b' })).schema);
      expect((await other.environments.list({})).items[0]?.variables.map((each) => each.name)).toEqual([variable, 'token']);
      expect((await other.project.get()).text).toBe(written.text);
      expect((await one.project.apply({ text: written.text, secrets: given })).message).toBe('There is nothing to change.');
    }
  });

  it('keeps the verify token of a bin that is left out, and removes it for null', async () => {
    const client = await openWorkspace();
    const applied = async (answers: string) => {
      const result = await client.project.apply({ text: `hookyard: 1\nbins: { orders: { answers: ${answers} } }`, secrets });
      const { items } = await client.bins.list({});
      return {
        changed: result.changes.flatMap(({ fields }) => fields.map(({ path }) => path)),
        hasToken: items.find(({ slug }) => slug === 'orders')?.answers.verifyTokenFingerprint !== null,
      };
    };
    expect(await applied('{ verifyToken: env:TOKEN }')).toEqual({ changed: [], hasToken: true });
    const rule = '{ rules: [{ match: { methods: [PUT] }, response: { status: 503 } }] }';
    expect(await applied(rule)).toEqual({ changed: ['answers.rules.0'], hasToken: true });
    expect(await applied('{ verifyToken: null }')).toEqual({ changed: ['answers.rules.0', 'answers.verifyToken'], hasToken: false });
    expect(await applied('{ verifyToken: null }')).toEqual({ changed: [], hasToken: false });
  });

  it('imports event types from documents', async () => {
    const client = await openWorkspace();
    const webhook = { post: { requestBody: { content: { 'application/json': { schema: { type: 'object' } } } } } };
    const document = {
      name: 'openapi.yaml',
      text: JSON.stringify({
        openapi: '3.1.0',
        info: { title: 'Shop', version: '1' },
        webhooks: { 'order.shipped': webhook, 'order.paid': webhook },
      }),
    };
    const project = { text: 'hookyard: 1\neventTypesFrom: [openapi.yaml]', documents: [document] };
    await expect(client.project.apply({ ...project, documents: [] })).rejects.toThrow(
      'hookyard.yaml:2:18: eventTypesFrom: There is no document openapi.yaml',
    );
    expect(briefly(await client.project.apply(project))).toEqual([
      'create eventTypes.order.shipped done',
      'create eventTypes.order.paid done',
    ]);
    expect((await client.eventTypes.list({})).items.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['order.shipped', 'order.paid']),
    );
    expect(await client.project.apply(project)).toMatchObject({ changes: [], others: [] });
  });

  it('says what was done where something is refused on the way', async () => {
    const client = await openWorkspace();
    const broken = `hookyard: 1\npolicies: { Once: { policy: { kind: none } } }\nendpoints:\n  A: { url: "http://127.0.0.1:9", template: "{% if %}" }\n  B: { url: "http://127.0.0.1:9" }\n`;
    const result = await client.project.apply({ text: broken });
    expect(briefly(result)).toEqual(['create policies.Once done', 'create endpoints.A failed', 'create endpoints.B not-done']);
    expect(result).toMatchObject({
      isComplete: false,
      message: expect.stringMatching(/^endpoints\.A was refused: .* 1 thing before it changed, and 1 after it did not;/),
    });
    const first = `hookyard: 1\nendpoints:\n  A: { url: "http://127.0.0.1:9", template: "{% if %}" }\n`;
    const { message } = await client.project.apply({ text: first });
    expect(message).toMatch(/^endpoints\.A was refused: .* Nothing changed; correct it and apply the project again\.$/);
  });

  it('takes a header whose variable is named in brackets, with escapes, or by a computed name', async () => {
    const client = await openWorkspace();
    const headers = ["{{ vars['token'] }}", '{{ ["\\u0076ars"].token }}', '{{ vars[vars.name] }}'];
    const given = {
      hookyard: 1 as const,
      endpoints: Object.fromEntries(
        headers.map((value, index) => [`E${index}`, { url: 'http://127.0.0.1:9', signing: null, headers: { X: value } }]),
      ),
    };
    expect((await client.project.apply({ document: given })).message).toBe('3 things changed.');
  });
});

describe('a reference without a value', () => {
  const whole = text
    .replace(
      'endpoints:\n  Shop:',
      'endpoints:\n  Two: { url: "http://127.0.0.1:9/", signing: null, secretHeaders: { X-A: env:A, X-B: env:B } }\n  Shop:',
    )
    .replace('as: resigned,', 'as: resigned, signing: { scheme: standard-webhooks }, secret: env:OWN,');
  const all = { ...secrets, 'env:A': 'value a', 'env:B': 'value b', 'env:OWN': 'whsec_b3duIHNlY3JldCBvZiBhIHRhcmdldCEhIQ==' };
  const unset = Object.keys(all);

  it('leaves the secret that the workspace has in its place, of each kind, and says so, also in a dry run', async () => {
    const client = await openWorkspace();
    expect(await client.project.apply({ text: whole, secrets: all })).toMatchObject({ isComplete: true, kept: [] });
    const { text: written } = await client.project.get();
    const again = { text: written, unset };
    const planned = await client.project.apply({ ...again, dryRun: true });
    expect(planned).toMatchObject({ changes: [], message: 'There is nothing to change.' });
    expect(planned.kept.map(({ message }) => message).toSorted()).toEqual([
      'The secret header X-A of endpoint Two is kept: A has no value here.',
      'The secret header X-B of endpoint Two is kept: B has no value here.',
      'The secret of bin orders is kept: BIN_SECRET has no value here.',
      'The secret of endpoint Shop is kept: SHOP_SECRET has no value here.',
      'The secret of target 2 of relay To shop is kept: OWN has no value here.',
      'The secret variable token of environment staging is kept: TOKEN has no value here.',
      'The token of part 1 of authentication Partner is kept: TOKEN has no value here.',
      'The value of part 2 of authentication Partner is kept: the file key.txt has no value here.',
      'The verify token of bin orders is kept: TOKEN has no value here.',
    ]);
    expect(await client.project.apply(again)).toMatchObject({ changes: [], kept: planned.kept });
    expect((await client.project.get()).text).toBe(written);
    // Without being told that it has none, a call that gives no value is refused.
    await expect(client.project.apply({ text: written })).rejects.toThrow('env:SHOP_SECRET has no value');
  });

  it('leaves it where something else changes, one header beside another one too', async () => {
    const receiver = await startReceiver();
    onTestFinished(receiver.close);
    const client = await openWorkspace();
    const at = (given: string) => given.replaceAll('http://127.0.0.1:9/', `${receiver.url}/`);
    expect(await client.project.apply({ text: at(whole), secrets: all })).toMatchObject({ isComplete: true });
    const changed = at(whole)
      .replace('X-B: env:B }', 'X-B: env:B }, timeoutMs: 900')
      .replace('{ name: slow,', '{ name: slower,')
      .replace('timeoutMs: 7000', 'timeoutMs: 7001')
      .replace('baseUrl:', 'other: x\n      baseUrl:')
      .replace('{ kind: bearer,', '{ kind: query, name: q, value: env:A }\n      - { kind: bearer,')
      .replace('answer: { target: 1 }', 'isActive: false');
    const given = { 'env:A': 'other a' };
    const result = await client.project.apply({ text: changed, secrets: given, unset });
    expect(result).toMatchObject({ isComplete: true });
    expect(briefly(result)).toEqual([
      'change environments.staging done',
      'change auths.Partner done',
      'change profiles.Own done',
      'change bins.orders done',
      'change endpoints.Two done',
      'change endpoints.Shop done',
      'change relays.To shop done',
    ]);
    expect(await client.project.apply({ text: changed, secrets: { ...all, ...given } })).toMatchObject({ changes: [] });
    const [two] = (await client.endpoints.list({ q: 'Two' })).items;
    await client.endpoints.test({ id: two?.id ?? '' });
    const sent = await receiver.nextRequest();
    expect([sent.header('x-a'), sent.header('x-b')]).toEqual(['other a', 'value b']);
  });

  it('is missing where the workspace has no secret in its place', async () => {
    const client = await openWorkspace();
    await client.project.apply({ text: whole, secrets: all });
    const refusal = async (from: string, to: string) =>
      await client.project.apply({ text: whole.replace(from, to), unset }).then(
        () => 'nothing',
        (error: unknown) => (error as Error).message,
      );
    for (const [from, to] of [
      ['  Shop:\n', '  New shop:\n'],
      ['X-B: env:B', 'X-B: env:B, X-C: env:B'],
      ['token: { secret: env:TOKEN }', 'token: { secret: env:TOKEN }\n      more: { secret: env:TOKEN }'],
      ['secrets: [env:BIN_SECRET]', 'secrets: [env:BIN_SECRET, env:BIN_SECRET]'],
      ['name: X-Key', 'name: X-Other'],
      ['http://127.0.0.1:9/in', 'http://127.0.0.1:9/elsewhere'],
    ] as const)
      expect(await refusal(from, to), to).toMatch(/^hookyard\.yaml:\d+:\d+: \S+ has no value/);
    // One of a list goes with the others.
    const two = 'hookyard: 1\nbins: { orders: { secrets: [env:A, env:BIN_SECRET], signing: { scheme: standard-webhooks } } }';
    const secretsOfTwo = { 'env:A': all['env:SHOP_SECRET'], 'env:BIN_SECRET': all['env:BIN_SECRET'] };
    await client.project.apply({ text: two, secrets: secretsOfTwo });
    const one = { ...secretsOfTwo, 'env:A': all['env:OWN'] };
    const { 'env:BIN_SECRET': _, ...known } = secretsOfTwo;
    expect(await client.project.apply({ text: two, secrets: known, unset: ['env:BIN_SECRET'] })).toMatchObject({ changes: [] });
    await expect(client.project.apply({ text: two, secrets: { 'env:A': one['env:A'] }, unset: ['env:BIN_SECRET'] })).rejects.toThrow(
      'env:BIN_SECRET has no value',
    );
  });
});

describe('what is wrong in a project', () => {
  it('is told at its place', async () => {
    const client = await openWorkspace();
    const cases: readonly (readonly [what: string, given: string, message: string])[] = [
      [
        'a field that there is not',
        'hookyard: 1\nendpoints:\n  Shop:\n    urll: x',
        'hookyard.yaml:4:5: endpoints.Shop.urll: There is no field urll here; did you mean url?',
      ],
      [
        'a value that does not fit',
        'hookyard: 1\nendpoints:\n  Shop: { url: "http://a", timeoutMs: 5 }',
        'hookyard.yaml:3:28: endpoints.Shop.timeoutMs: Use at least 50.',
      ],
      [
        'an answer that cannot be sent',
        'hookyard: 1\nbins:\n  orders:\n    response:\n      status: 204\n      body: text',
        'hookyard.yaml:6:7: bins.orders.response.body: An answer with status 204 has no body',
      ],
      [
        'a target that is two',
        'hookyard: 1\nrelays:\n  On:\n    bin: orders\n    targets:\n      - endpoint: Shop\n        url: http://a/',
        'hookyard.yaml:7:9: relays.On.targets.0.url: Give either an endpoint or a url',
      ],
      [
        'a target that is none',
        'hookyard: 1\nrelays: { On: { bin: orders, targets: [{}] } }',
        'hookyard.yaml:2:40: relays.On.targets.0.url: Say where to',
      ],
      [
        "an endpoint's own setting at a target",
        'hookyard: 1\nrelays:\n  On:\n    bin: orders\n    targets:\n      - { endpoint: Shop, timeoutMs: 500 }',
        'hookyard.yaml:6:27: relays.On.targets.0.timeoutMs: An endpoint has its own settings',
      ],
      [
        'a secret in clear',
        'hookyard: 1\nendpoints:\n  Shop: { url: "http://a", secret: whsec_abc }',
        'hookyard.yaml:3:28: endpoints.Shop.secret: Say where the secret is',
      ],
      [
        'a reference to nothing',
        'hookyard: 1\nendpoints:\n  Shop: { url: "http://a", secret: env:PATH }',
        'hookyard.yaml:3:28: env:PATH has no value',
      ],
      [
        'a file of this machine, which only the command line reads',
        'hookyard: 1\nendpoints:\n  Shop: { url: "http://a", secret: file:/etc/passwd }',
        'hookyard.yaml:3:28: file:/etc/passwd has no value',
      ],
      [
        'a name that objects have of their own',
        'hookyard: 1\nendpoints:\n  a: { url: "http://a", headers: { __proto__: b } }',
        'hookyard.yaml:3:36: __proto__: __proto__ cannot be a name here: choose another.',
      ],
      [
        'such a name in the data of a sample',
        'hookyard: 1\neventTypes: { a: { samples: [{ name: x, data: { __proto__: 1 } }] } }',
        'hookyard.yaml:2:49: __proto__: __proto__ cannot be a name here: write this data as dataText.',
      ],
      [
        'an alias in what it stands for',
        'hookyard: 1\nauths:\n  a: &a { name: x, answers: *a }',
        'hookyard.yaml:3:29: The alias *a stands in what it stands for, &a, and so has no end',
      ],
      [
        'such an alias by way of a list, and of a merge',
        'hookyard: 1\nauths: &all\n  a: &a [{ x: *all }]\n  b: &b { <<: *b }',
        'hookyard.yaml:3:15: The alias *all stands in what it stands for, &all, and so has no end: write out what is meant.\nhookyard.yaml:4:15: The alias *b stands',
      ],
      [
        'aliases that stand for too much',
        `hookyard: 1\neventTypes:\n  a: { samples: [{ name: &x ${'x'.repeat(1_000_000)}, data: [${'*x, '.repeat(900)}] }] }`,
        'hookyard.yaml:3:1000094: With what the alias *x stands for, the project has more than 16 million characters: repeat less of it.',
      ],
      [
        'such aliases in several levels',
        `hookyard: 1\na: &a [${'x'.repeat(10_000)}]\nb: &b [${'*a, '.repeat(100)}]\nbins: { c: [${'*b, '.repeat(20)}] }`,
        'hookyard.yaml:4:69: With what the alias *b stands for',
      ],
      [
        'a tag that makes something else of a map',
        'hookyard: 1\nendpoints: !!omap\n  - Shop: { url: "http://a" }\nruns: !!omap\n  - r: {}',
        'hookyard.yaml:3:3: The tag !!omap makes something of this that a project does not have: leave the tag out, and write a map, a list or a text.\nhookyard.yaml:5:3: The tag !!omap',
      ],
      [
        'such a tag within an entry',
        'hookyard: 1\nenvironments: { dev: { variables: !!set { a, b } } }\neventTypes: { a: { samples: [{ name: x, data: { a: !!binary aGk= } }] } }',
        'hookyard.yaml:2:41: The tag !!set makes',
      ],
      [
        'a date of an older YAML',
        '%YAML 1.1\n---\nhookyard: 1\neventTypes: { a: { samples: [{ name: x, data: { at: 2026-01-02 } }] } }',
        'hookyard.yaml:4:53: This version of YAML reads a date here: put it into quotes.',
      ],
      [
        'a name that there is not',
        'hookyard: 1\nendpoints:\n  Shop: { url: "http://a", auth: Partner }',
        'hookyard.yaml:3:28: endpoints.Shop.auth: Neither the project nor the workspace has the authentication Partner',
      ],
      [
        'a name twice',
        'hookyard: 1\nbins:\n  orders: {}\n  orders: {}',
        'hookyard.yaml:4:3: orders: orders is at hookyard.yaml:3:3 already',
      ],
      ['several documents in one file', 'hookyard: 1\n---\nhookyard: 1', 'hookyard.yaml:2:1: A second YAML document begins here'],
      ['text that is nested too deep', `hookyard: 1\nbins: ${'['.repeat(20_000)}`, 'This is nested too deep to be read'],
      ['text that is no YAML', 'hookyard: 1\nbins: [', 'hookyard.yaml:2:'],
      ['no version', 'bins: {}', 'hookyard: Write "hookyard: 1"'],
      ['nothing', '', 'hookyard.yaml:1:1'],
    ];
    for (const [what, given, message] of cases)
      await expect(client.project.apply({ text: given, dryRun: true }), what).rejects.toThrow(message);
  });

  it('is no alias to a name that was given again before it', async () => {
    const client = await openWorkspace();
    const { items } = await client.runs.list({ text: 'hookyard: 1\nruns:\n  r: &a { steps: [{ event: &a x }, { event: *a }] }\n' });
    expect(items).toMatchObject([{ name: 'r', steps: 2 }]);
  });

  it('is no tag that says what a value is anyhow, nor one of its own', async () => {
    const client = await openWorkspace();
    const tagged =
      'hookyard: !!int 1\nbins: !!map\n  orders: { name: !ours 12, response: { body: !!str 12 } }\nruns: { r: { steps: !!seq [{ event: a }] } }\n';
    await expect(client.project.references({ text: tagged })).resolves.toEqual({ secrets: [], documents: [] });
  });

  it('is of all files together what aliases stand for', async () => {
    const client = await openWorkspace();
    const file = (name: string) => ({
      name,
      text: `hookyard: 1\neventTypes:\n  ${name}: { samples: [{ name: x, data: [&x ${'x'.repeat(100_000)}, ${'*x, '.repeat(90)}] }] }`,
    });
    await expect(client.project.references({ files: [file('one')] })).resolves.toMatchObject({ secrets: [] });
    await expect(client.project.references({ files: [file('one'), file('two')] })).rejects.toThrow(
      /^two:3:\d+: With what the alias \*x stands for/,
    );
  });

  it('is told in one line, whatever the name of the file is', async () => {
    const client = await openWorkspace();
    const files = [{ name: 'a\nhookyard: all is well.yaml', text: 'hookyard: 1\nbins: 1' }];
    await expect(client.project.references({ files })).rejects.toThrow(/^a\\u\{a\}hookyard: all is well\.yaml:2:1: bins: .*$/);
  });

  it('is told of two files that name the same thing', async () => {
    const client = await openWorkspace();
    const files = [
      { name: '.hookyard/a.yaml', text: 'hookyard: 1\nbins: { orders: {} }' },
      { name: '.hookyard/b.yaml', text: 'hookyard: 1\n\nbins: { Orders: {}, orders: {} }' },
    ];
    await expect(client.project.references({ files })).rejects.toThrow(
      '.hookyard/b.yaml:3:21: bins.orders: orders is at .hookyard/a.yaml:2:9 already',
    );
  });

  it('is told of two things of the workspace with one name', async () => {
    const client = await openWorkspace();
    for (const url of ['http://a', 'http://b']) await client.endpoints.create({ name: 'Shop', url });
    await expect(client.project.get()).rejects.toThrow('are called Shop: rename one of them');
    await expect(client.project.apply({ text: 'hookyard: 1\nendpoints: { Shop: { url: "http://a" } }' })).rejects.toThrow(
      'The workspace has 2 of this name',
    );
  });
});

describe('any project', () => {
  const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9 _.-]{0,12}[A-Za-z0-9]$/);
  const odd = fc
    .oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom('yes', 'null', '1.10', ' a ', 'a\r\nb\n', '# a', '- a\n- b', "'", '"', 'é\u2028\u0085'),
    )
    .map((body) => body.toWellFormed());
  const json = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value).replaceAll('1', '1.0'));
  const number = fc.constantFrom('1.10', '-0', '1e400', '9007199254740993', '0.30000000000000004', '1E5');
  const sampleText = fc.tuple(number, json).map(([digits, value]) => `{"n":${digits},"v":${isJson(value) ? value : '1'}}`);

  it('is read as it was written', () => {
    fc.assert(
      fc.property(fc.uniqueArray(word, { maxLength: 4, selector: lowered }), odd, sampleText, (names, body, dataText) => {
        const policies = Object.fromEntries(names.map((name) => [name, { policy: { kind: 'none' } }]));
        const profiles = Object.fromEntries(names.map((name) => [name, { summary: 'Own', fields: { headers: { 'X-Own': 'a: b # c' } } }]));
        const eventTypes = { 'a.b': { samples: [{ name: 'x', dataText }], schema: { const: body } } };
        const bins = { orders: { response: { body, isTemplate: false } } };
        const written = projectTextTask.run({ hookyard: 1, policies, profiles, eventTypes, bins }, () => undefined);
        const { entries, problems } = readProject([{ name: 'hookyard.yaml', text: written }]);
        expect(problems).toEqual([]);
        expect(entries.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
          ...names.map((name) => `policies ${name}`),
          ...names.map((name) => `profiles ${name}`),
          'eventTypes a.b',
          'bins orders',
        ]);
        const fields = (wanted: string) => entries.find(({ kind }) => kind === wanted)?.fields;
        expect(fields('bins')).toMatchObject({ response: { body } });
        expect(fields('eventTypes')).toMatchObject({ schema: { const: body } });
        const [sample] = (fields('eventTypes')?.['samples'] ?? []) as readonly { readonly data?: unknown; readonly dataText?: string }[];
        expect(sample?.dataText ?? JSON.stringify(sample?.data)).toBe(dataText);
      }),
      { numRuns: 200 },
    );
  });

  it('is the same after it was written and applied elsewhere', async () => {
    const bin = fc.record({
      name: word,
      body: odd,
      // Those that may have a body.
      status: fc.constantFrom(200, 202, 301, 404, 503),
      delayMs: fc.nat(1000),
      trustsProxy: fc.boolean(),
    });
    const things = fc.uniqueArray(bin, { minLength: 3, maxLength: 6, selector: ({ name }) => lowered(name) });
    await fc.assert(
      fc.asyncProperty(things, sampleText, async (bins, dataText) => {
        const [one, other] = [await openWorkspace(), await openWorkspace()];
        for (const { name, body, status, delayMs, trustsProxy } of bins) {
          await one.bins.create({ name, response: { status, body, delayMs, isTemplate: false }, trustsProxy });
          await one.endpoints.create({ name, url: 'http://127.0.0.1:9/', timeoutMs: 50 + delayMs, signing: null, description: name });
        }
        await one.eventTypes.create({ name: 'a.b', samples: [{ name: 'x', dataText }] });
        const { text: written } = await one.project.get();
        expect(await other.project.apply({ text: written })).toMatchObject({ isComplete: true });
        expect((await other.project.get()).text).toBe(written);
        expect(await one.project.apply({ text: written })).toMatchObject({ changes: [] });
      }),
      // Each run starts two engines, so it is not made smaller where it fails.
      { numRuns: 2, endOnFailure: true },
    );
  });

  it('changes nothing the second time where the URL of a relay has braces, which are text there', async () => {
    const client = await openWorkspace();
    const given =
      'hookyard: 1\nbins: { orders: {} }\nrelays: { RX: { bin: orders, targets: [{ url: "http://127.0.0.1:1/relay/{{vars.tok}}" }] } }\n';
    expect(await client.project.apply({ text: given })).toMatchObject({ isComplete: true });
    expect(await client.project.apply({ text: given })).toMatchObject({ changes: [], isComplete: true });
    const written = (await client.project.get()).text;
    expect(await client.project.apply({ text: written })).toMatchObject({ changes: [] });
  });

  it('says what to do about a document that is a URL, or is not there', async () => {
    const client = await openWorkspace();
    const given = 'hookyard: 1\neventTypesFrom: [openapi.yaml, "https://shop.example/openapi.yaml"]\n';
    await expect(client.project.apply({ text: given })).rejects.toThrow(
      /There is no document openapi\.yaml: put the file there[^]*openapi\.yaml is a URL, and none is fetched: download the document/,
    );
  });
});

const lowered = (name: string) => name.toLowerCase();

function isJson(source: string): boolean {
  try {
    JSON.parse(source);
    return true;
  } catch {
    return false;
  }
}
