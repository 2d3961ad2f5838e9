/** Path and query of a URL as they go into a request. By hand, since a URL from the log may hold masked pieces that no parser takes. */
export function targetOf(url: string): string {
  const rest = url.replace(/^https?:\/\/[^/?#]*/i, '').replace(/#.*$/s, '');
  return rest.startsWith('/') ? rest : `/${rest}`;
}
