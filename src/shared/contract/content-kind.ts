/** What a content type promises, as far as Hookyard knows how to write and check it. */
export type ContentKind = 'json' | 'form' | 'xml' | 'multipart' | 'other';

/** The boundary that a multipart type names; null where it names none. */
export function boundaryOf(contentType: string): string | null {
  const found = /;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType);
  return found?.[1] ?? found?.[2] ?? null;
}

/** The kind of a media type with its parameters, regardless of letter case. */
export function contentKindOf(contentType: string): ContentKind {
  const type = (contentType.split(';', 1)[0] ?? '').trim().toLowerCase();
  if (/[/+]json$/.test(type)) return 'json';
  if (type === 'application/x-www-form-urlencoded') return 'form';
  if (/[/+]xml$/.test(type)) return 'xml';
  return type.startsWith('multipart/') ? 'multipart' : 'other';
}
