/** Whoever sent a request may have written parts of a URL: braces in it must name no variable. */
export function literalUrl(url: string): string {
  return url.replaceAll('{{', '%7B%7B');
}
