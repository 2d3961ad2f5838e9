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
      (await client.project.reads({ text, run: 'both', ...(to === undefined ? {} : { to }) })).reads.map(({ what, hosts }) => [
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
    await expect(client.project.reads({ text, run: 'bth' })).rejects.toThrow('The project has no run bth; did you mean both?');
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
});
