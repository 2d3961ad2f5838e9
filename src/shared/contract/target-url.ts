import { z } from 'zod';
import { cutOutputs, hasOutputs } from './template-outputs.ts';

/** Why nothing can be sent to a URL, as a sentence that says what to change; null when it can. */
export function urlProblem(text: string): string | null {
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/?#\s]+)/i.exec(text);
  const [scheme = '', place = ''] = match === null ? [] : [match[1], match[2]];
  const hasSpace = /\s/.test(text);
  if (match === null)
    return `Write the whole URL with its scheme${hasSpace ? ' and without spaces or line breaks' : ''}, such as http://127.0.0.1:3000/webhooks.`;
  if (hasSpace) return 'Remove the space or line break from the URL.';
  if (!/^https?$/i.test(scheme)) return `Use http:// or https://; ${scheme}:// cannot be sent to.`;
  if (place.includes('@')) return 'Take the user and password out of the URL and put them in a secret header (Authorization).';
  const port = /:(\d+)$/.exec(place)?.[1];
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) return `Port ${port} does not exist; use 1 to 65535.`;
  if (!/^(\[[0-9a-f:.]+\]|[^:[\]<>^|%\\]+)(:\d+)?$/i.test(place)) return `"${place}" is not a host and port.`;
  return null;
}

/** What can be said of a URL before its variables have values. */
function templateProblem(text: string): string | null {
  if (text.includes('{%')) return 'Take the tag ({% ... %}) out of the URL: it takes outputs only, such as {{ vars.host }}.';
  const pieces = cutOutputs(text);
  // A digit can stand for a host, a port, and whatever else.
  const filled = pieces.map((piece) => (piece.isOutput ? '1' : piece.text)).join('');
  if (hasOutputs(filled)) return 'Close the {{ in the URL with }}.';
  const [first] = pieces;
  const hasOwnScheme = first !== undefined && !first.isOutput && first.text.includes('://');
  if (hasOwnScheme) return urlProblem(filled);
  return /\s/.test(filled) ? 'Remove the space or line break from the URL.' : null;
}

function urlText(problemOf: (text: string) => string | null) {
  return z
    .string()
    .max(4096)
    .superRefine((text, context) => {
      const problem = problemOf(text);
      if (problem !== null) context.addIssue({ code: 'custom', message: problem });
    });
}

/** An http or https URL. */
export const plainUrl = urlText(urlProblem);

/** An http or https URL that a request can be sent to, which may name variables: `{{ vars.host }}`. Credentials belong in secretHeaders. */
export const targetUrl = urlText((text) => (hasOutputs(text) ? templateProblem(text) : urlProblem(text)));
