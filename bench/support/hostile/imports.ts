import { largeOpenApi } from '../../../test/support/large-openapi.ts';
import { rest, run, type HostileAct } from './act.ts';

/** Eight lists, each of nine times the one before. */
const aliasBomb = [
  'a: &a [x, x, x, x, x, x, x, x, x]',
  ...[...'bcdefghi'].map((name, at) => `${name}: &${name} [${run(`*${'abcdefgh'[at]}, `, 36)}]`),
].join('\n');

const importOf = (name: string, text: () => string): HostileAct => ({
  name,
  group: 'imports',
  act: (host) => rest(host, 'POST', '/event-types/import', { text: text() }),
});

/** Documents whose event types are imported. */
export const importActs: readonly HostileAct[] = [
  importOf('OpenAPI of 5 MB with 261 webhooks', largeOpenApi),
  { name: 'the list of 200 of them', group: 'imports', act: (host) => rest(host, 'GET', '/event-types?limit=200') },
  importOf('YAML with an alias bomb', () => aliasBomb),
  importOf('YAML with 100,000 open brackets', () => `a: ${'['.repeat(100_000)}`),
];
