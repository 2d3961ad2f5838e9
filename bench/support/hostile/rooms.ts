import { Buffer } from 'node:buffer';
import { generateKeyPairSync } from 'node:crypto';
import { requestCodeKind } from '#shared/contract/preview.ts';
import { hostileBodies } from '../../../test/support/hostile-requests.ts';
import { makeCertificate } from '../../../test/support/test-certificates.ts';
import { bodyBytes, rest, run, type HostileAct } from './act.ts';
import { captureUrlOf, madeId } from './bins.ts';
import { exactNumbers } from './catalogue.ts';
import { largeBase64 } from './data.ts';

/** As many variables of as much text as an environment may have, every other one secret. */
const mostVariables = () =>
  Array.from({ length: 200 }, (_, index) => ({ name: `v${index}`, value: `${index}`.padEnd(327, 'x'), isSecret: index % 2 === 1 }));

const usingAll = { url: 'http://127.0.0.1:9/{{ vars.v0 }}', headers: { 'X-Variable': '{{ vars.v2 }}' }, signing: null, isActive: false };

/** Environments: the largest one, and a switch that many endpoints follow. */
export const environmentActs: readonly HostileAct[] = [
  {
    name: 'the largest one, saved, changed and listed',
    group: 'environments',
    act: async (host, round) => {
      const id = await madeId(host, '/environments', { name: `largest ${round}`, variables: mostVariables() });
      const changed = await rest(host, 'PATCH', `/environments/${id}`, { variables: mostVariables() });
      return `${changed}, ${await rest(host, 'GET', '/environments?limit=200')}`;
    },
  },
  {
    name: 'a preview of 200 variables in a template',
    group: 'environments',
    act: async (host, round) => {
      const environment = await madeId(host, '/environments', { name: `preview ${round}`, variables: mostVariables() });
      const template = Array.from({ length: 200 }, (_, index) => `{{ vars.v${index - (index % 2)} }}`).join('');
      const draft = { ...usingAll, template, contentType: 'text/plain' };
      return rest(host, 'POST', '/preview', { draft, event: { type: 'a.b', data: {} }, environment });
    },
  },
  {
    name: 'a switch with 1,000 endpoints that use it, and the list of 200',
    group: 'environments',
    prepare: async (host) => {
      await madeId(host, '/environments', { name: 'first of two', variables: mostVariables() });
      for (let made = 0; made < 1000; made += 1)
        await rest(host, 'POST', '/endpoints', { ...usingAll, name: `Variable ${made}`, events: ['nobody.sends'] });
    },
    act: async (host, round) => {
      const activeEnvironmentId = await madeId(host, '/environments', { name: `switched to ${round}`, variables: mostVariables() });
      const switched = await rest(host, 'PATCH', '/settings', { activeEnvironmentId });
      return `${switched}, ${await rest(host, 'GET', '/endpoints?limit=200')}, ${await rest(host, 'PATCH', '/settings', { activeEnvironmentId: null })}`;
    },
  },
];

/** Proxies with as many exceptions as there may be. */
export const proxyActs: readonly HostileAct[] = [
  {
    name: '200 exceptions, and a message to 1,000 addresses',
    group: 'proxies',
    prepare: async (host) => {
      const noProxy = Array.from({ length: 200 }, (_, index) => `*.${'a.'.repeat(100)}n${index}.example`);
      await rest(host, 'PATCH', '/settings', { proxy: 'own', proxyUrl: 'http://127.0.0.1:9', noProxy });
      for (let made = 0; made < 1000; made += 1)
        await rest(host, 'POST', '/endpoints', {
          name: `Proxied ${made}`,
          url: `http://${'a.'.repeat(100)}m${made}.example/`,
          events: ['proxied.event'],
          retryPolicy: 'none',
        });
    },
    act: (host) => rest(host, 'POST', '/messages', { type: 'proxied.event', data: {} }),
  },
];

/** Everything that a description may ask for, in fields of a form. */
const costly = {
  scheme: 'custom',
  algorithm: 'sha512',
  encoding: 'hex',
  separator: ',',
  signedContent: `${'{body}{method}{url}'.repeat(3)}{body_sha256}{body_sha512_base64}{body_md5}{timestamp}{id}`,
  fields: [
    { place: 'form', name: 'sig', value: 't={timestamp},v1={signature}' },
    { place: 'form', name: 'id', value: '{id}' },
    { place: 'form', name: 'digest', value: 'sha256={body_sha256}' },
    { place: 'query', name: 'digest', value: 'sha512={body_sha512}' },
  ],
};

async function makeCostlyBin(host: Parameters<HostileAct['act']>[0]): Promise<void> {
  await rest(host, 'POST', '/bins', { name: 'bench-costly', slug: 'bench-costly', signing: costly, secrets: ['a secret of some length'] });
}

/** Schemes described by fields, over hostile bodies. */
export const customActs: readonly HostileAct[] = [
  ...hostileBodies,
  { name: 'signatures of a form', make: (bytes: number) => run('sig=t%3D1,v1%3Dab&', bytes) },
].flatMap(({ name, make }): readonly HostileAct[] => [
  {
    name: `15 MiB, ${name}, captured`,
    group: 'custom',
    prepare: makeCostlyBin,
    act: async (host) => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const body = `sig=t%3D1,v1%3Dab&id=1&digest=sha256%3Dab&${make(bodyBytes)}`.slice(0, bodyBytes);
      const { status } = await fetch(`${await captureUrlOf(host)}/bench-costly?digest=sha512%3Dab`, { method: 'POST', body, headers });
      return String(status);
    },
  },
]);

/** Previews of large requests as code, in every language and tool. */
export const previewActs: readonly HostileAct[] = [
  ...requestCodeKind.options.flatMap((as): readonly HostileAct[] => [
    {
      name: `15 MiB of text as ${as}`,
      group: 'preview',
      act: (host) =>
        rest(host, 'POST', '/preview', {
          draft: { url: 'http://127.0.0.1:9/' },
          event: { type: 'a.b', bodyBase64: largeBase64() },
          as,
        }),
    },
    {
      name: `15 MiB of quotes as ${as}`,
      group: 'preview',
      act: (host) =>
        rest(host, 'POST', '/preview', {
          draft: { url: 'http://127.0.0.1:9/' },
          event: { type: 'a.b', bodyBase64: Buffer.from(run(`'"\\\n`, bodyBytes)).toString('base64') },
          as,
        }),
    },
  ]),
  {
    name: '15 MB of data as curl, of the tenth attempt',
    group: 'preview',
    act: (host) =>
      rest(host, 'POST', '/preview', {
        draft: { url: 'http://127.0.0.1:9/', bodyPerAttempt: true },
        event: { type: 'a.b', dataText: exactNumbers(15_000_000) },
        as: 'curl',
        attempt: 10,
      }),
  },
];

/** An encrypted private key of as many rounds as a thread opens. */
export const keyActs: readonly HostileAct[] = [
  {
    name: 'an encrypted key, and a large certificate chain',
    group: 'keys',
    act: async (host, round) => {
      const keyPair = generateKeyPairSync('rsa', { modulusLength: 4096 });
      const { cert } = makeCertificate({ names: ['client.test'], keyPair: generateKeyPairSync('ec', { namedCurve: 'P-256' }) });
      const privateKey = keyPair.privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open-sesame' });
      const part = { kind: 'mutual-tls', certificate: cert.repeat(300), privateKey, passphrase: 'open-sesame' };
      return rest(host, 'POST', '/auths', { name: `Keys ${round}`, parts: [part] });
    },
  },
];
