import { Buffer } from 'node:buffer';
import { ownBytes } from '../../base/own-bytes.ts';
import type { CaseDocument } from './case-document.ts';
import { casePage } from './case-page.ts';
import { makeCase, type CaseInput } from './make-case.ts';

/** A file to give to a colleague. */
export interface CaseFile {
  readonly filename: string;
  readonly contentType: string;
  /** In memory of its own. */
  readonly content: Uint8Array;
}

/** Verifies a request and makes a case file without any secret. */
export async function makeCaseFile(input: CaseInput, format: 'html' | 'json'): Promise<CaseFile> {
  const document = await makeCase(input);
  const content = format === 'html' ? casePage(document) : `${JSON.stringify(document, null, 2)}\n`;
  return {
    filename: `${baseName(document)}.${format}`,
    contentType: format === 'html' ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8',
    content: ownBytes(Buffer.from(content, 'utf8')),
  };
}

/** Such as `hookyard-case-stripe-invalid-20261121-011500`. */
function baseName({ scheme, verdict, madeAt }: CaseDocument): string {
  const time = madeAt.slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  return `hookyard-case-${scheme.id}-${verdict.verdict}-${time}`;
}
