type Headers = Readonly<Record<string, string>> | null | undefined;

/** Values of the headers that an endpoint has, or that a profile gives endpoints: each may be a template. */
export function headerTexts(of: {
  readonly headers?: Headers;
  readonly retryHeaders?: Headers;
  readonly unsignedHeaders?: Headers;
}): readonly string[] {
  return [of.headers, of.retryHeaders, of.unsignedHeaders].flatMap((each) => Object.values(each ?? {}));
}
