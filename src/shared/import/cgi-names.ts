import type { HeaderField } from '../contract/common.ts';
import { addressOf } from './request-lines.ts';

/** In capitals, or as nginx has them. */
const headerVariable = /^(?:redirect_)?http_([a-z0-9_]+)$|^(?:REDIRECT_)?HTTP_([A-Z0-9_]+)$/;

/** Whether a name is that of a header as CGI, Rack, WSGI and PHP give it to a program: `HTTP_X_HUB_SIGNATURE_256`. */
export function isCgiName(name: string): boolean {
  return headerVariable.test(name);
}

/** What the variables of a server tell about a request. */
export interface CgiRequest {
  readonly method: string | null;
  readonly url: string | null;
  readonly headers: readonly HeaderField[];
  readonly notes: readonly string[];
}

/** Most variables that a note names. */
const namedLimit = 3;

/** Reads the variables that a server gives to a program; other names that have a hyphen are headers already. */
export function readCgiVariables(variables: readonly HeaderField[]): CgiRequest {
  const value = (name: string) => variables.find(([key]) => key === name || key === name.toLowerCase())?.[1] ?? null;
  const headers: HeaderField[] = [];
  const renamed: [string, string][] = [];
  const left: string[] = [];
  for (const [name, text] of variables) {
    const header = headerNameOf(name);
    if (header !== null) {
      headers.push([header, text]);
      renamed.push([name, header]);
    } else if (name.includes('-')) headers.push([name, text]);
    else if (!used.has(name.toUpperCase())) left.push(name);
  }
  const address = urlOf(value, headers);
  return {
    method: value('REQUEST_METHOD'),
    url: address.url,
    headers,
    notes: [...renamedNotes(renamed), ...leftNotes(left), ...address.notes],
  };
}

const used = new Set(['REQUEST_METHOD', 'REQUEST_URI', 'QUERY_STRING', 'PATH_INFO', 'SCRIPT_NAME', 'REQUEST_SCHEME']);

function headerNameOf(name: string): string | null {
  const [, small, capital] = headerVariable.exec(name) ?? [];
  const words = /^(?:CONTENT_(?:TYPE|LENGTH)|content_(?:type|length))$/.test(name) ? name : (small ?? capital);
  if (words === undefined) return null;
  return words
    .split('_')
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase())
    .join('-');
}

function urlOf(value: (name: string) => string | null, headers: readonly HeaderField[]): Pick<CgiRequest, 'url' | 'notes'> {
  const query = value('QUERY_STRING') ?? '';
  const path = `${value('SCRIPT_NAME') ?? ''}${value('PATH_INFO') ?? ''}`;
  const target = value('REQUEST_URI') ?? (path.startsWith('/') ? `${path}${query === '' ? '' : `?${query}`}` : null);
  const scheme = value('REQUEST_SCHEME') ?? (value('HTTPS') === 'on' ? 'https' : (value('wsgi.url_scheme') ?? value('rack.url_scheme')));
  const host = headers.find(([name]) => name === 'Host')?.[1];
  if (scheme !== null && host !== undefined && target?.startsWith('/') === true) return { url: `${scheme}://${host}${target}`, notes: [] };
  return addressOf(target, headers, null);
}

function renamedNotes(renamed: readonly (readonly [string, string])[]): readonly string[] {
  const [first] = renamed;
  if (first === undefined) return [];
  const more = renamed.length === 1 ? '' : ` and ${renamed.length - 1} more`;
  return [
    `${first[0]}${more} ${renamed.length === 1 ? 'is the name of a variable' : 'are names of variables'} of the server; read as these headers: ${renamed
      .map(([, name]) => name)
      .slice(0, 20)
      .join(', ')}.`,
  ];
}

function leftNotes(left: readonly string[]): readonly string[] {
  if (left.length === 0) return [];
  const named = left.slice(0, namedLimit).join(', ');
  const more = left.length > namedLimit ? ` and ${left.length - namedLimit} more` : '';
  return [`Variables that are not headers were left out: ${named}${more}.`];
}
