import { describe, expect, it } from 'vitest';
import { admit, createDirectClient } from '#engine/index.ts';
import { startTestEngine } from '../../support/engine.ts';

async function openWorkspace(dataDir?: string) {
  const { engine, ...others } = await startTestEngine(dataDir === undefined ? {} : { dataDir });
  return { client: createDirectClient(engine.router, admit('test')), engine, ...others };
}

const text = `hookyard: 1
environments:
  dev:
    variables: { base: "https://dev.example:8443", token: { secret: env:TOKEN }, unused: { secret: env:UNUSED } }
  prod:
    variables: { base: "https://prod.example" }
auths:
  Partner: { parts: [{ kind: bearer, token: vault:dev/token }] }
  Client:
    parts: [{ kind: oauth2, tokenUrl: "https://tokens.example/t", clientId: a, clientSecret: env:CLIENT }]
bins:
  orders: { signing: { scheme: standard-webhooks }, secrets: [env:BIN] }
  quiet: { answers: { verifyToken: file:verify.txt } }
endpoints:
  Plain: { url: "http://127.0.0.1:3000/in", secret: env:SIGN, secretHeaders: { X-A: env:TOKEN, X-B: env:TOKEN } }
  Shop: { url: "{{ vars.base }}/in", auth: partner, signing: null, headers: { X-Token: "{{ vars['token'] }}" } }
relays:
  On: { bin: orders, targets: [{ url: "https://relay.example/a", as: resigned }, { url: "https://own.example/b", as: resigned, signing: { scheme: standard-webhooks }, secret: env:OWN }] }
runs:
  both:
    to: https://first.example/in
    signing: { scheme: standard-webhooks }
    secret: env:SIGN
    steps:
      - { event: a, bodyFile: bodies/a.json }
      - { event: a, to: Standing, signing: { scheme: standard-webhooks }, secret: file:own.txt, bodyFile: bodies/a.json }
`;

describe('what is read for a project', () => {
  it('is told with each thing that needs it and every host that gets it', async () => {
    const { client } = await openWorkspace();
    // An endpoint of the workspace that has the authentication already.
    const auth = await client.auths.create({ name: 'CLIENT', parts: [{ kind: 'bearer', token: 'before' }] });
    await client.endpoints.create({ name: 'Standing', url: 'https://standing.example/in', authId: auth.id, signing: null });
    const { reads } = await client.project.reads({ text });
    const shop = ['dev.example:8443', 'prod.example', '{{ vars.base }}/in'];
    expect(reads.map(({ what, thing, hosts }) => [what, thing, hosts])).toEqual([
      ['env:TOKEN', 'environments.dev', shop],
      ['env:UNUSED', 'environments.dev', []],
      ['vault:dev/token', 'auths.Partner', shop],
      ['env:CLIENT', 'auths.Client', ['standing.example', 'tokens.example']],
      ['env:BIN', 'bins.orders', ['own.example', 'relay.example']],
      ['file:verify.txt', 'bins.quiet', []],
      ['env:TOKEN', 'endpoints.Plain', ['127.0.0.1:3000']],
      ['env:SIGN', 'endpoints.Plain', ['127.0.0.1:3000']],
      ['env:OWN', 'relays.On', ['own.example']],
    ]);
    const run = async (to?: string) =>
      (await client.project.reads({ text, runs: [{ name: 'both', ...(to === undefined ? {} : { to }) }] })).reads.map(({ what, hosts }) => [
        what,
        hosts,
      ]);
    expect(await run()).toEqual([
      ['env:SIGN', ['first.example', 'standing.example']],
      ['file:bodies/a.json', ['first.example', 'standing.example']],
      ['file:own.txt', ['standing.example']],
    ]);
    expect(await run('http://127.0.0.1:9/x')).toEqual([
      ['env:SIGN', ['127.0.0.1:9']],
      ['file:bodies/a.json', ['127.0.0.1:9']],
      ['file:own.txt', ['127.0.0.1:9']],
    ]);
    const more = `${text}  short: { to: https://short.example/, steps: [{ event: a, bodyFile: bodies/b.json }] }\n`;
    const runs = [{ name: 'short' }, { name: 'both', to: 'http://127.0.0.1:9/x' }];
    expect((await client.project.reads({ text: more, runs })).reads.map(({ what, thing, hosts }) => [what, thing, ...hosts])).toEqual([
      ['file:bodies/b.json', 'runs.short', 'short.example'],
      ['env:SIGN', 'runs.both', '127.0.0.1:9'],
      ['file:bodies/a.json', 'runs.both', '127.0.0.1:9'],
      ['file:own.txt', 'runs.both', '127.0.0.1:9'],
    ]);
    await expect(client.project.reads({ text, runs: [{ name: 'both' }, { name: 'bth' }] })).rejects.toThrow(
      'The project has no run bth; did you mean both?',
    );
  });

  it('is known once it is noted: at its place, for the same thing and the same hosts, and after a restart', async () => {
    const { client, engine, dataDir } = await openWorkspace();
    const known = async (at: string, given = text, { project } = client) =>
      (await project.reads({ text: given, at })).reads.flatMap(({ what, isKnown }) => (isKnown ? [what] : []));
    const { reads } = await client.project.reads({ text });
    const keys = reads.filter(({ what }) => what === 'env:SIGN' || what === 'env:OWN').map(({ key }) => key);
    expect(await known('/a')).toEqual([]);
    expect(await client.project.noteReads({ at: '/a', keys })).toEqual({ known: 2 });
    expect(await client.project.noteReads({ at: '/a', keys })).toEqual({ known: 2 });
    expect(await known('/a')).toEqual(['env:SIGN', 'env:OWN']);
    expect(await known('/b')).toEqual([]);
    expect(await known('/a', text.replace('https://own.example', 'https://evil.example'))).toEqual(['env:SIGN']);
    expect(await known('/a', text.replace('Plain:', 'Other:'))).toEqual(['env:OWN']);
    // Names of objects are places like any other.
    for (const at of ['constructor', '__proto__']) {
      expect(await known(at)).toEqual([]);
      await client.project.noteReads({ at, keys });
      expect(await known(at)).toEqual(['env:SIGN', 'env:OWN']);
    }
    await engine.stop();
    const again = await openWorkspace(dataDir);
    expect(await known('/a', text, again.client)).toEqual(['env:SIGN', 'env:OWN']);
    expect(await known('__proto__', text, again.client)).toEqual(['env:SIGN', 'env:OWN']);
  });

  it('is known of 100 projects: the one that was longest without a new one is asked for again', async () => {
    const { client } = await openWorkspace();
    const [first] = (await client.project.reads({ text })).reads;
    const keys = [first?.key ?? ''];
    for (let count = 0; count < 100; count += 1) await client.project.noteReads({ at: `/${count}`, keys });
    await client.project.noteReads({ at: '/0', keys });
    await client.project.noteReads({ at: '/new', keys });
    const known = async (at: string) => (await client.project.reads({ text, at })).reads.some(({ isKnown }) => isKnown);
    expect([await known('/0'), await known('/1'), await known('/2'), await known('/new')]).toEqual([true, false, true, true]);
  });

  /** A project with one endpoint that gets `env:KEY`, and one environment. */
  const withUrl = (url: string, variables: string) =>
    `hookyard: 1\nenvironments: { dev: { variables: { ${variables} } } }\nendpoints:\n  Shop: { url: "${url}", signing: null, secretHeaders: { X-Key: env:KEY } }\n`;

  it.for<readonly [string, string, string, string, string]>([
    ['a filter', 'http://{{ vars.host | downcase }}/hooks', 'host: good.example', 'host: EVIL.example', 'evil.example'],
    ['a part of the host', 'http://{{ vars.host }}.example/hooks', 'host: good', 'host: evil', 'evil.example'],
    ['a name in brackets', "http://{{ vars['host'] }}/hooks", 'host: good.example', 'host: evil.example', 'evil.example'],
    [
      'a name that is a variable too',
      'http://{{ vars[vars.k] }}/hooks',
      'k: a, a: good.example, b: evil.example',
      'k: b, a: good.example, b: evil.example',
      'evil.example',
    ],
    [
      'a variable that is joined',
      'http://{{ vars.a | append: vars.b }}/hooks',
      'a: good, b: .example',
      'a: good, b: .evil.example',
      'good.evil.example',
    ],
  ])('is new when a variable of its URL makes it another host: by %s', async ([, url, before, after, host]) => {
    const { client } = await openWorkspace();
    const order = (variables: string) => ({ text: withUrl(url, variables), at: '/a' });
    const read = async (variables: string) => (await client.project.reads(order(variables))).reads.find(({ what }) => what === 'env:KEY');
    await client.project.noteReads({ at: '/a', keys: [(await read(before))?.key ?? ''] });
    expect(await read(before)).toMatchObject({ isKnown: true });
    // Applying it leaves it known, and a variable that has nothing to do with it too.
    expect(await client.project.apply({ text: withUrl(url, before), secrets: { 'env:KEY': 'a key of the shop' } })).toMatchObject({
      isComplete: true,
    });
    expect(await read(before)).toMatchObject({ isKnown: true });
    expect(await read(`${before}, other: x`)).toMatchObject({ isKnown: true });
    expect(await read(after)).toMatchObject({ isKnown: false, hosts: expect.arrayContaining([`http://${host}`, url]) });
  });

  it('is new for a run when the workspace makes the URL of its endpoint another host', async () => {
    const { client } = await openWorkspace();
    const run = `runs: { r: { to: Shop, steps: [{ event: a, bodyFile: bodies/a.json }] } }\n`;
    const textFor = (host: string) => withUrl('http://{{ vars.host | downcase }}/hooks', `host: ${host}`) + run;
    const secrets = { 'env:KEY': 'a key of the shop' };
    const read = async (host: string) => (await client.project.reads({ text: textFor(host), runs: [{ name: 'r' }], at: '/a' })).reads;
    await client.project.apply({ text: textFor('good.example'), secrets });
    await client.project.noteReads({ at: '/a', keys: (await read('good.example')).map(({ key }) => key) });
    expect(await read('good.example')).toMatchObject([{ what: 'file:bodies/a.json', isKnown: true }]);
    // What is not applied yet changes nothing.
    expect(await read('evil.example')).toMatchObject([
      { isKnown: true, hosts: ['http://good.example', 'http://{{ vars.host | downcase }}/hooks'] },
    ]);
    await client.project.apply({ text: textFor('evil.example'), secrets });
    expect(await read('evil.example')).toMatchObject([
      { isKnown: false, hosts: ['http://evil.example', 'http://{{ vars.host | downcase }}/hooks'] },
    ]);
  });

  it('is new for a run to a URL of its own when the workspace makes it another host', async () => {
    const { client } = await openWorkspace();
    const run =
      'runs: { r: { to: "http://{{ vars.host | downcase }}/x", signing: { scheme: github-sha256 }, secret: env:RUN, steps: [{ event: a }] } }\n';
    const textFor = (host: string) => withUrl('http://127.0.0.1:9/', `host: ${host}`) + run;
    const secrets = { 'env:KEY': 'a key of the shop' };
    const read = async () => (await client.project.reads({ text: textFor('any.example'), runs: [{ name: 'r' }], at: '/a' })).reads;
    await client.project.apply({ text: textFor('good.example'), secrets });
    await client.project.noteReads({ at: '/a', keys: (await read()).map(({ key }) => key) });
    expect(await read()).toMatchObject([{ what: 'env:RUN', isKnown: true, hosts: expect.arrayContaining(['http://good.example']) }]);
    await client.project.apply({ text: textFor('evil.example'), secrets });
    expect(await read()).toMatchObject([{ isKnown: false, hosts: expect.arrayContaining(['http://evil.example']) }]);
  });

  it('is never known where a secret from a file of the project is in its URL, also by a second name', async () => {
    const { client } = await openWorkspace();
    const keyOf = async (variables: string, url = 'http://{{ vars.host }}/hooks') =>
      (await client.project.reads({ text: withUrl(url, variables) })).reads.find(({ what }) => what === 'env:KEY')?.key;
    expect(await keyOf('host: { secret: file:host.txt }')).toBe('');
    expect(await keyOf('host: { secret: vault:dev/own }, own: { secret: file:host.txt }')).toBe('');
    expect(await keyOf('host: { secret: file:host.txt }, n: host', 'http://{{ vars[vars.n] }}/hooks')).toBe('');
    const fromVariable = await keyOf('host: { secret: env:HOST }');
    expect(fromVariable).toMatch(/^[0-9a-f]{32}$/);
    expect(await keyOf('host: { secret: env:OTHER }')).not.toBe(fromVariable);
    expect(await keyOf('host: good.example, tok: { secret: file:host.txt }')).toMatch(/^[0-9a-f]{32}$/);
  });

  it('is told by a long URL with a mark for what is left out, and known by all of it', async () => {
    const { client } = await openWorkspace();
    const url = (end: string) => `http://{{ vars.host }}/${'a'.repeat(1000)}/${end}`;
    const read = async (end: string) => {
      const { reads } = await client.project.reads({ text: withUrl(url(end), "host: 'x'") });
      return reads.find(({ what }) => what === 'env:KEY');
    };
    const [one, other] = [await read('one.{{ vars.host }}'), await read('two.{{ vars.host }}')];
    const shown = one?.hosts.find((each) => each.includes('{{')) ?? '';
    expect(shown).toMatch(/^http:\/\/\{\{ vars\.host \}\}\/a+ … a+\/one\.\{\{ vars\.host \}\}$/);
    expect(shown.length).toBeLessThan(210);
    expect(one?.key).not.toBe(other?.key);
  });

  it('follows a variable to what refers to it, and to the targets of relays', async () => {
    const { client } = await openWorkspace();
    const guide = (url: string, target = 'http://127.0.0.1:1/in') => `hookyard: 1
environments:
  dev: { variables: { token: { secret: env:SHOP_TOKEN }, tok: { secret: env:TOK }, second: { secret: vault:DEV/token } } }
auths: { Partner: { parts: [{ kind: bearer, token: vault:dev/second }] } }
bins: { orders: {} }
endpoints:
  Shop: { url: "${url}", auth: Partner, signing: null }
  Other: { url: "https://other.example/in", signing: null }
relays:
  On: { bin: orders, targets: [{ url: "${target}", headers: { set: { X-T: "{{ vars.tok }}" } } }, { endpoint: shop }] }
`;
    const read = async (given: string) =>
      Object.fromEntries((await client.project.reads({ text: given, at: '/a' })).reads.map(({ what, ...others }) => [what, others]));
    const first = await read(guide('https://shop.example/in'));
    expect(first['env:SHOP_TOKEN']?.hosts).toEqual(['shop.example']);
    await client.project.noteReads({ at: '/a', keys: Object.values(first).map(({ key }) => key) });
    expect((await read(guide('https://evil.example/in')))['env:SHOP_TOKEN']).toMatchObject({ hosts: ['evil.example'], isKnown: false });
    expect(first['env:TOK']?.hosts).toContain('127.0.0.1:1');
    expect((await read(guide('https://shop.example/in', 'http://127.0.0.1:2/in')))['env:TOK']).toMatchObject({ isKnown: false });
  });

  it('follows a variable to the URLs of runs, by their profile too, and to endpoints that only the workspace has', async () => {
    const { client } = await openWorkspace();
    const given = (host: string) => `hookyard: 1
environments:
  dev: { variables: { token: { secret: env:TOKEN }, agent: { secret: env:AGENT }, key: { secret: env:KEY }, other: { secret: env:OTHER } } }
profiles:
  Own: { fields: { headers: { X-Agent: "{{ vars.agent }}" } } }
runs:
  first: { to: "https://${host}/in?t={{ vars.token }}", steps: [{ event: a }, { event: a, to: "https://step.example/{{ vars['token'] }}" }] }
  second: { to: "https://profile.example/in", profile: Own, steps: [{ event: a, headers: { X-O: "{{ vars.other }}" }, body: "{{ vars.other }}" }] }
  third: { to: Standing, steps: [{ event: a }] }
`;
    await client.endpoints.create({
      name: 'Standing',
      url: 'https://standing.example/in',
      signing: null,
      headers: { 'X-Key': '{{ vars.key }}' },
      retryHeaders: { 'X-Token': '{{ vars.token }}' },
    });
    const read = async (host: string) => {
      const { reads } = await client.project.reads({ text: given(host), at: '/a' });
      return Object.fromEntries(reads.map((each) => [each.what, each]));
    };
    const first = await read('good.example');
    expect(first['env:TOKEN']?.hosts).toEqual([
      'good.example',
      'https://good.example/in?t={{ vars.token }}',
      "https://step.example/{{ vars['token'] }}",
      'standing.example',
      'step.example',
    ]);
    expect(first['env:AGENT']?.hosts).toEqual(['profile.example']);
    expect(first['env:KEY']?.hosts).toEqual(['standing.example']);
    // Headers and bodies of a step go as they stand.
    expect(first['env:OTHER']?.hosts).toEqual([]);
    await client.project.noteReads({ at: '/a', keys: Object.values(first).map(({ key }) => key) });
    const second = await read('evil.example');
    expect([second['env:TOKEN']?.isKnown, second['env:AGENT']?.isKnown]).toEqual([false, true]);
  });

  it.for<readonly [string, string]>([
    [
      'a header with an escape in a name',
      `{ url: "https://evil.example/in", signing: null, headers: { X: '{{ ["\\u0076ars"].token | default: "n" }}' } }`,
    ],
    [
      'a header with the name of the event type',
      `{ url: "https://evil.example/in", signing: null, headers: { X: '{{ [type].token | default: "n" }}' } }`,
    ],
    [
      'a header with an expression in a text',
      `{ url: "https://evil.example/in", signing: null, headers: { X: '{{ type | split: "," | group_by_exp: "i", "vars.token" | json }}' } }`,
    ],
    ['a URL with an escape in a name', `{ url: 'https://evil.example/{{ ["\\u0076ars"].token }}', signing: null }`],
    ['a URL with an escape in the name of the variable', `{ url: 'https://evil.example/{{ vars["to\\u006ben"] }}', signing: null }`],
  ])('follows a variable by what a template takes, not by how it is written: %s', async ([, endpoint]) => {
    const { client } = await openWorkspace();
    const given = `hookyard: 1\nenvironments: { dev: { variables: { token: { secret: env:TOKEN } } } }\nendpoints:\n  Evil: ${endpoint}\n`;
    const { reads } = await client.project.reads({ text: given });
    expect(reads).toMatchObject([{ what: 'env:TOKEN', hosts: expect.arrayContaining(['evil.example']) }]);
  });

  it('takes a secret variable for a part of a URL also where its name has an escape', async () => {
    const { client } = await openWorkspace();
    const { reads } = await client.project.reads({
      text: withUrl("http://{{ vars['ho\\\\u0073t'] }}/hooks", 'host: { secret: file:host.txt }'),
    });
    expect(reads.find(({ what }) => what === 'env:KEY')?.key).toBe('');
  });

  it('follows a variable to what uses a profile that only the workspace has', async () => {
    const { client } = await openWorkspace();
    const profile = await client.profiles.create({
      name: 'Mine',
      fields: { headers: { 'X-A': '{{ vars.token }}' }, retryHeaders: { 'X-B': '{{ vars.second }}' }, signing: null },
      unsignedHeaders: { 'X-C': '{{ vars.third }}' },
    });
    const given = (named: string, own = '') => `hookyard: 1
environments: { dev: { variables: { token: { secret: env:A }, second: { secret: env:B }, third: { secret: env:C }, fourth: { secret: env:D } } } }
${own}endpoints: { Evil: { url: "https://evil.example/in", profile: mine } }
runs: { six: { to: "https://six.example/in", profile: ${named}, steps: [{ event: a, to: "https://step.example/in" }] } }
`;
    const hosts = async (project: string) => (await client.project.reads({ text: project })).reads.map((each) => [each.what, each.hosts]);
    const all = ['evil.example', 'six.example', 'step.example'];
    const expected = [
      ['env:A', all],
      ['env:B', all],
      ['env:C', all],
      ['env:D', []],
    ];
    expect(await hosts(given('Mine'))).toEqual(expected);
    expect(await hosts(given(profile.id))).toEqual(expected);
    // One that the project has too is going to be as it says there.
    const own = await hosts(given('Mine', "profiles: { Mine: { fields: { headers: { X-D: '{{ vars.fourth }}' } } } }\n"));
    expect(own).toEqual([
      ['env:A', []],
      ['env:B', []],
      ['env:C', []],
      ['env:D', all],
    ]);
  });

  it('has nothing of relays that only the workspace has, since applying changes nothing of what they send', async () => {
    const { client } = await openWorkspace();
    const bin = await client.bins.create({
      name: 'orders',
      slug: 'orders',
      signing: { scheme: 'github-sha256' },
      secrets: ['the old one'],
    });
    await client.relays.create({
      name: 'Standing',
      binId: bin.id,
      targets: [{ url: 'http://127.0.0.1:9/in', as: 'resigned', headers: { set: { 'X-T': '{{ vars.token }}' }, remove: [] } }],
    });
    const fingerprints = async () =>
      (await client.relays.list({})).items.flatMap(({ targets }) => targets.map((each) => each.secretFingerprints));
    const before = await fingerprints();
    const project = {
      text: 'hookyard: 1\nenvironments: { dev: { variables: { token: { secret: env:T } } } }\nbins: { orders: { signing: { scheme: github-sha256 }, secrets: [env:BIN] } }\n',
    };
    expect((await client.project.reads(project)).reads.map(({ what, hosts }) => [what, hosts])).toEqual([
      ['env:T', []],
      ['env:BIN', []],
    ]);
    await client.project.apply({ ...project, secrets: { 'env:T': 'a token', 'env:BIN': 'the new one' } });
    expect(before).toHaveLength(1);
    expect(await fingerprints()).toEqual(before);
  });
  it('is new where the same host gets it in clear, or with any certificate, and the list says so', async () => {
    const { client } = await openWorkspace();
    const given = (url: string, more = '') => `hookyard: 1
auths: { Partner: { parts: [{ kind: oauth2, tokenUrl: "${url}", clientId: a, clientSecret: env:CLIENT }] } }
bins: { orders: { signing: { scheme: github-sha256 }, secrets: [env:BIN] } }
endpoints: { Shop: { url: "${url}", secret: env:SIGN${more} } }
relays: { On: { bin: orders, targets: [{ url: "${url}", as: resigned${more} }] } }
runs: { r: { to: "${url}", signing: { scheme: github-sha256 }, secret: env:RUN, steps: [{ event: a }]${more} } }
`;
    const read = async (project: string) => {
      const [applied, run] = await Promise.all([
        client.project.reads({ text: project, at: '/a' }),
        client.project.reads({ text: project, at: '/a', runs: [{ name: 'r' }] }),
      ]);
      return [...applied.reads, ...run.reads];
    };
    const told = async (project: string) => (await read(project)).map(({ what, hosts, isKnown }) => [what, hosts.join(), isKnown]);
    const all = (host: string, token = host) => [
      ['env:CLIENT', token, false],
      ['env:BIN', host, false],
      ['env:SIGN', host, false],
      ['env:RUN', host, false],
    ];
    const secure = given('https://shop.example/in');
    expect(await told(secure)).toEqual(all('shop.example'));
    await client.project.noteReads({ at: '/a', keys: (await read(secure)).map(({ key }) => key) });
    expect((await read(secure)).every(({ isKnown }) => isKnown)).toBe(true);
    expect(await told(given('http://shop.example/in'))).toEqual(all('http://shop.example'));
    // A token server is never asked without a valid certificate.
    const [client_, ...others] = all('shop.example (any certificate)', 'shop.example');
    expect(await told(given('https://shop.example/in', ', verifyTls: false'))).toEqual([[...(client_ ?? []).slice(0, 2), true], ...others]);
    // What stays on this machine is read by nobody else.
    for (const host of ['127.0.0.1:3000', 'localhost:3000', '[::1]:3000'])
      expect(await told(given(`http://${host}/in`))).toEqual(all(host));
    for (const host of ['127.0.0.1.evil.example', 'localhost.evil.example'])
      expect(await told(given(`http://${host}/in`))).toEqual(all(`http://${host}`));
  });

  describe('of the workspace', () => {
    const secrets = {
      'env:CSEC': 'the secret of the client',
      'env:BSEC': 'the secret of the bin',
      'env:SIGN': 'the secret to sign with',
      'env:OWN': 'that of a target',
      'env:H': 'a header',
      'env:TOKEN': 'the token of dev',
    };
    const before = `hookyard: 1
environments: { dev: { variables: { base: "https://base.example", token: { secret: env:TOKEN } } } }
auths: { Partner: { parts: [{ kind: oauth2, tokenUrl: "https://tokens.example/t", clientId: a, clientSecret: env:CSEC }] } }
bins: { orders: { signing: { scheme: gitlab-token }, secrets: [env:BSEC] } }
endpoints:
  Shop: { url: "https://shop.example/in", signing: { scheme: github-sha256 }, secret: env:SIGN, secretHeaders: { X-H: env:H } }
  Based: { url: "{{ vars.base }}/in", signing: null, auth: Partner }
relays:
  On: { bin: orders, targets: [{ url: "https://relay.example/a", as: resigned }, { url: "https://own.example/b", as: resigned, signing: { scheme: github-sha256 }, secret: env:OWN }] }
`;
    async function openApplied() {
      const opened = await openWorkspace();
      expect(await opened.client.project.apply({ text: before, secrets })).toMatchObject({ isComplete: true });
      const reads = async (entries: string) => (await opened.client.project.reads({ text: `hookyard: 1\n${entries}\n`, at: '/a' })).reads;
      const told = async (entries: string) =>
        (await reads(entries)).map(({ what, thing, hosts, isKnown }) => [what, thing, hosts.join(), isKnown]);
      return { ...opened, reads, told };
    }

    it.for<readonly [string, string, readonly (readonly [string, string, string])[]]>([
      [
        'a token server',
        'auths: { partner: { parts: [{ kind: oauth2, tokenUrl: "https://evil.example/t", clientId: a }] } }',
        [['kept:auths.Partner.clientSecret', 'auths.Partner', 'evil.example']],
      ],
      [
        'a relay of a bin that the project has without its secret',
        'bins: { orders: { signing: { scheme: gitlab-token } } }\nrelays: { On: { bin: orders, targets: [{ url: "https://evil.example/a", as: resigned }] } }',
        [['kept:bins.orders.secrets', 'bins.orders', 'evil.example']],
      ],
      [
        'a relay of a bin that only the workspace has',
        'relays: { Other: { bin: orders, targets: [{ url: "http://evil.example/a", as: resigned }] } }',
        [['kept:bins.orders.secrets', 'bins.orders', 'http://evil.example']],
      ],
      [
        'the URL of an endpoint',
        'endpoints: { Shop: { url: "https://evil.example/in", signing: { scheme: github-sha256 } } }',
        [
          ['kept:endpoints.Shop.secret', 'endpoints.Shop', 'evil.example'],
          ['kept:endpoints.Shop.secretHeaders.X-H', 'endpoints.Shop', 'evil.example'],
        ],
      ],
      [
        'an endpoint in clear that gives one of its secrets',
        'endpoints: { Shop: { url: "http://shop.example/in", signing: null, secretHeaders: { X-H: env:H } } }',
        [['env:H', 'endpoints.Shop', 'http://shop.example']],
      ],
      [
        'an endpoint whose certificate is not checked any more',
        'endpoints: { Shop: { url: "https://shop.example/in", verifyTls: false } }',
        [
          ['kept:endpoints.Shop.secret', 'endpoints.Shop', 'shop.example (any certificate)'],
          ['kept:endpoints.Shop.secretHeaders.X-H', 'endpoints.Shop', 'shop.example (any certificate)'],
        ],
      ],
      [
        'an endpoint that takes an authentication of the workspace',
        'endpoints: { Evil: { url: "https://evil.example/in", signing: null, auth: Partner } }',
        [['kept:auths.Partner.clientSecret', 'auths.Partner', 'evil.example']],
      ],
      [
        'a plain variable in the URL of an endpoint that only the workspace has',
        'environments: { other: { variables: { base: "https://evil.example" } } }',
        [['kept:auths.Partner.clientSecret', 'auths.Partner', 'evil.example']],
      ],
      [
        'an endpoint that takes a secret variable of the workspace',
        'endpoints: { Evil: { url: "https://evil.example/in", signing: null, headers: { X: "{{ vars.token }}" } } }',
        [['vault:dev/token', 'environments.dev', 'evil.example']],
      ],
      [
        'an endpoint whose profile takes one',
        'profiles: { Own: { fields: { headers: { X: "{{ vars.token }}" }, signing: null } } }\nendpoints: { Evil: { url: "https://evil.example/in", profile: own } }',
        [['vault:dev/token', 'environments.dev', 'evil.example']],
      ],
      [
        'a relay that takes one by a computed name',
        'relays: { Other: { bin: orders, targets: [{ url: "https://evil.example/a", headers: { set: { X: "{{ vars[environment] }}" } } }] } }',
        [['vault:dev/token', 'environments.dev', 'evil.example']],
      ],
      [
        'a target of a relay with a secret of its own',
        'relays: { On: { bin: orders, targets: [{ url: "https://own.example/b", as: resigned, signing: { scheme: github-sha256 }, verifyTls: false }] } }',
        [['kept:relays.On.targets.1.secret', 'relays.On', 'own.example (any certificate)']],
      ],
    ])('is told where a secret that the project leaves out gets to another host: %s', async ([, entries, expected]) => {
      const { client, reads, told } = await openApplied();
      expect(await told(entries)).toEqual(expected.map((each) => [...each, false]));
      await client.project.noteReads({ at: '/a', keys: (await reads(entries)).map(({ key }) => key) });
      expect(await told(entries)).toEqual(expected.map((each) => [...each, true]));
    });

    it('is told in the same way where it stays because its reference has no value', async () => {
      const { client } = await openApplied();
      const told = async (given: string, unset: readonly string[] = Object.keys(secrets)) =>
        (await client.project.reads({ text: given, unset: [...unset] })).reads.map(({ what, hosts }) => `${what} → ${hosts.join()}`);
      expect(await told(before)).toEqual([]);
      for (const [from, expected] of [
        ['shop.example', ['kept:endpoints.Shop.secret → evil.example', 'kept:endpoints.Shop.secretHeaders.X-H → evil.example']],
        ['tokens.example', ['kept:auths.Partner.clientSecret → evil.example']],
        ['base.example', ['kept:auths.Partner.clientSecret → evil.example']],
        ['relay.example', ['kept:bins.orders.secrets → evil.example']],
        // A target with another URL is another one, which has no secret yet.
        ['own.example', ['env:OWN → evil.example']],
      ] as const)
        expect(await told(before.replace(from, 'evil.example')), from).toEqual(expected);
      // Of several, only those without a value.
      expect(
        (await told(before.replace('shop.example', 'evil.example'), ['env:H'])).filter((each) => each.endsWith('evil.example')),
      ).toEqual(['env:SIGN → evil.example', 'kept:endpoints.Shop.secretHeaders.X-H → evil.example']);
      const taking = before.replace('https://shop.example/in"', 'https://shop.example/in", headers: { X: "{{ vars.token }}" }');
      expect(await told(taking)).toEqual(['vault:dev/token → shop.example']);
      const own = before.replace('secret: env:OWN }', 'secret: env:OWN, verifyTls: false }');
      expect(await told(own)).toEqual(['kept:relays.On.targets.1.secret → own.example (any certificate)']);
    });

    it('is not told where nothing of it changes', async () => {
      const { told } = await openApplied();
      for (const entries of [
        'auths: { Partner: { parts: [{ kind: oauth2, tokenUrl: "https://tokens.example/other", clientId: b }] } }',
        'bins: { orders: { signing: { scheme: gitlab-token } } }\nrelays: { On: { bin: orders, targets: [{ url: "https://relay.example/c", as: resigned }] } }',
        'endpoints: { Shop: { url: "https://shop.example/other" }, Based: { url: "{{ vars.base }}/in", signing: null } }',
        'endpoints: { Third: { url: "https://third.example/", signing: null } }',
        'relays: { Other: { bin: orders, targets: [{ url: "https://evil.example/a" }] } }',
      ])
        expect(await told(entries)).toEqual([]);
    });
  });

  describe('of the environment in use', () => {
    /** A workspace whose environment in use has secret variables that no file names. */
    async function openVault() {
      const opened = await openWorkspace();
      const variables = ['token', 'agent', 'later', 'unused'].map((name) => ({ name, value: `the ${name} of dev`, isSecret: true }));
      const dev = await opened.client.environments.create({
        name: 'Dev',
        variables: [...variables, { name: 'open', value: 'x', isSecret: false }],
      });
      await opened.client.environments.create({ name: 'prod', variables: [{ name: 'token', value: 'that of prod', isSecret: true }] });
      await opened.client.profiles.create({
        name: 'Mine',
        fields: { headers: { 'X-A': '{{ vars.agent }}' }, retryHeaders: { 'X-B': '{{ vars.later }}' }, signing: null },
      });
      const reads = async (run: string, to?: string) =>
        (
          await opened.client.project.reads({
            text: `hookyard: 1\nruns: { r: ${run} }\n`,
            runs: [{ name: 'r', ...(to === undefined ? {} : { to }) }],
            at: '/a',
          })
        ).reads;
      const told = async (run: string, to?: string) => (await reads(run, to)).map(({ what, hosts }) => [what, hosts]);
      const use = async (id: string | null) => void (await opened.client.system.updateSettings({ activeEnvironmentId: id }));
      return { ...opened, dev, reads, told, use };
    }

    it('is told for a run with the hosts that get it: of its URLs, its steps and its profile', async () => {
      const { dev, reads, told, use } = await openVault();
      const url = 'http://other.example/x?t={{ vars.token }}&o={{ vars.open }}';
      const run = `{ to: "${url}", steps: [{ event: a }, { event: a, to: "https://step.example/{{ vars.later }}" }] }`;
      expect(await told(run)).toEqual([]);
      await use(dev.id);
      expect(await told(run)).toEqual([
        ['vault:Dev/token', ['http://other.example', url]],
        ['vault:Dev/later', ['https://step.example/{{ vars.later }}', 'step.example']],
      ]);
      expect(await told('{ to: "https://six.example/", profile: mine, steps: [{ event: a }] }')).toEqual([
        ['vault:Dev/agent', ['six.example']],
        ['vault:Dev/later', ['six.example']],
      ]);
      expect(await told('{ profile: Mine, steps: [{ event: a }] }', 'http://127.0.0.1:9/')).toEqual([
        ['vault:Dev/agent', ['127.0.0.1:9']],
        ['vault:Dev/later', ['127.0.0.1:9']],
      ]);
      expect(await told('{ to: "https://six.example/", steps: [{ event: a, body: "{{ vars.token }}" }] }')).toEqual([]);
      expect((await reads(run)).map(({ thing, isKnown }) => [thing, isKnown])).toEqual([
        ['runs.r', false],
        ['runs.r', false],
      ]);
    });

    it('is all of them where a template may take any, and known by its hosts as other reads are', async () => {
      const { client, dev, reads, told, use } = await openVault();
      await use(dev.id);
      const all = ['token', 'agent', 'later', 'unused'].map((name) => `vault:Dev/${name}`);
      for (const output of ['{{ vars[environment] }}', "{{ ['\\\\u0076ars'][environment] }}"])
        expect((await told(`{ to: "http://other.example/${output}", steps: [{ event: a }] }`)).map(([what]) => what)).toEqual(all);
      const to = (host: string) => `{ to: "http://${host}/{{ vars.token }}", steps: [{ event: a }] }`;
      await client.project.noteReads({ at: '/a', keys: (await reads(to('good.example'))).map(({ key }) => key) });
      expect(await reads(to('good.example'))).toMatchObject([{ what: 'vault:Dev/token', isKnown: true }]);
      expect(await reads(to('evil.example'))).toMatchObject([{ what: 'vault:Dev/token', isKnown: false }]);
    });

    it('is told of the headers that an endpoint takes along to the target of the command', async () => {
      const { client, dev, told, use } = await openVault();
      await use(dev.id);
      await client.endpoints.create({ name: 'Shop', url: 'https://shop.example/', signing: null, headers: { 'X-T': '{{ vars.token }}' } });
      // What the endpoint takes for its own URL was told when it was made.
      expect(await told('{ to: shop, steps: [{ event: a }] }')).toEqual([]);
      expect(await told('{ to: shop, steps: [{ event: a }] }', 'http://127.0.0.1:9/')).toEqual([['vault:Dev/token', ['127.0.0.1:9']]]);
    });
  });
});
