import { decodedName } from '#shared/text/private-names.ts';
import type { PathMapping, QueryMapping } from '#shared/contract/relay-targets.ts';
import type { PathBehindBin } from '../capture/request-target.ts';

/** Path and query of a forwarded request, or why there are none. */
export type MappedTarget = { readonly target: string } | { readonly problem: 'path' };

/**
 * Path and query of a request to a URL. A path of a stranger may not lead out of that of the target, so one with segments that go up is
 * not mapped; characters that a URL cannot have are escaped.
 */
export function mapTarget(
  url: string,
  { path, query }: PathBehindBin,
  mapping: { readonly path: PathMapping; readonly query: QueryMapping },
): MappedTarget {
  const rest = restOf(path, mapping.path);
  if (rest !== '' && goesUp(rest)) return { problem: 'path' };
  const mapped = new URL(url);
  const ownQuery = mapped.search.slice(1);
  if (rest !== '') mapped.pathname = `${mapped.pathname.replace(/\/$/, '')}${rest}`;
  const pairs = [...pairsOf(ownQuery), ...(mapping.query.keep ? pairsOf(query) : [])];
  const replaced = new Set([...mapping.query.remove, ...Object.keys(mapping.query.set)]);
  const kept = replaced.size === 0 ? pairs : pairs.filter((pair) => !replaced.has(nameOf(pair)));
  const set = Object.entries(mapping.query.set).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  const search = [...kept, ...set].join('&');
  // Each setter parses the URL again, for every request that is forwarded.
  if (search !== ownQuery) mapped.search = search;
  return { target: `${mapped.pathname}${mapped.search}` };
}

/** What is appended to the path of the target; nothing for a request to the bin's own path. */
function restOf(path: string, mapping: PathMapping): string {
  if (mapping === 'drop') return '';
  if (typeof mapping === 'object') {
    const prefix = mapping.replace.replace(/\/$/, '');
    if (path === prefix || path.startsWith(`${prefix}/`)) return `${mapping.by.replace(/\/$/, '')}${path.slice(prefix.length)}`;
  }
  return path === '/' ? '' : path;
}

/**
 * Whether a URL parser, or a receiver that decodes a path or takes parameters (`..;a`) off its segments, would take some as steps up,
 * however they are written.
 */
function goesUp(path: string): boolean {
  return path
    .replaceAll(/[\t\n\r]/g, '')
    .split(/[/\\]|%2f|%5c/i)
    .some((segment) => segment.replaceAll(/%2e/gi, '.').split(/;|%3b/i, 1)[0] === '..');
}

function pairsOf(query: string): readonly string[] {
  return query === '' ? [] : query.split('&');
}

function nameOf(pair: string): string {
  return decodedName((pair.split('=', 1)[0] ?? '').replaceAll('+', ' '));
}
