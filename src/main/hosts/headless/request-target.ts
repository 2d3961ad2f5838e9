/** The target of a request line, read once; who may come in and where it goes are both decided on this. */
export interface RequestTarget {
  /** Begins with one slash and is canonical: every URL parser reads the same path. */
  readonly path: string;
  /** Empty, or `?` and the query. */
  readonly query: string;
}

/** Why a target is not read, for people. */
export interface UnreadTarget {
  readonly problem: string;
}

/** What RFC 3986 lets stand in a path as it is, and escapes. */
const pathForm = /^\/(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-Fa-f]{2})*$/;

/** Escapes that some URL parsers undo before they look for dots, slashes and names, and others do not. */
const ambiguousEscape = /%(?:[01][0-9a-f]|2[de]|3\d|4[1-9a-f]|5[0-9acf]|6[1-9a-f]|7[0-9aef])/i;

/**
 * Reads a request target in its one plain spelling and refuses every other: the absolute form, dot segments, empty
 * segments, backslashes, and escapes of characters that need none. Two readers that spell the same path differently are
 * how a right that was judged on one path is used on another. `%2F` stays: it is part of a name, and no router undoes it.
 */
export function readTarget(target: string): RequestTarget | UnreadTarget {
  const mark = target.indexOf('?');
  const path = mark === -1 ? target : target.slice(0, mark);
  const query = mark === -1 ? '' : target.slice(mark);
  if (!path.startsWith('/')) return { problem: 'begin the target with a slash, such as GET /api/health' };
  if (!pathForm.test(path)) return { problem: 'write the path with letters, digits and the signs of a URL, and escape others as %XX' };
  if (ambiguousEscape.test(path)) return { problem: 'write letters, digits, dots and dashes as they are, without %XX' };
  if (/\/\/|\/\.{1,2}(?:\/|$)/.test(path)) return { problem: 'write the path without empty or dot segments' };
  if (target.includes('#')) return { problem: 'leave out the fragment, which belongs to a page' };
  // Later code uses the platform's parser; anything it would read differently is refused.
  if (URL.parse(`http://localhost${target}`)?.pathname !== path) return { problem: 'write the path plainly' };
  return { path, query };
}
