import type { WireRequest } from '../dispatch/sender.types.ts';

/** A shell command that makes the same request; a body that is not plain text goes through base64 so that no byte is lost. */
export function toCurl(request: WireRequest, bodyText: string | null): string {
  const headers = request.headers.flatMap(([name, value]) => ['-H', quote(value === '' ? `${name};` : `${name}: ${value}`)]);
  const command = ['curl', '-X', request.method, quote(request.url), ...headers].join(' ');
  if (request.body.byteLength === 0) return command;
  // A leading @ would make curl read a file.
  if (bodyText !== null && !bodyText.startsWith('@')) return `${command} --data-binary ${quote(bodyText)}`;
  return `printf %s ${quote(Buffer.from(request.body).toString('base64'))} | base64 -d | ${command} --data-binary @-`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
