import { task } from '../../background/background.ts';
import { judgeRecognised, type UnnamedInput } from '../../signing/verify-recognised.ts';
import { invalid } from '../../base/refusal.ts';
import type { Signing } from '#shared/contract/signing.ts';
import { makeCaseFile, type CaseFile } from './case-file.ts';
import type { CaseInput } from './make-case.ts';

/** The input of a case file, whose scheme may still have to be recognised. */
export interface CaseOrder extends Omit<CaseInput, 'request'> {
  readonly input: UnnamedInput;
  /** Null to recognise the scheme. */
  readonly signing: Signing | null;
  /** Options of a scheme that is recognised. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly format: 'html' | 'json';
}

/** Makes a case file. Rejects with a Refusal for a request that shows no scheme that can be checked. */
export function makeCaseInBackground({ input, signing, options, format, ...rest }: CaseOrder): Promise<CaseFile> {
  return makeCaseFile({ request: { ...input, options: signing ?? recognisedOptions(input, options) }, ...rest }, format);
}

/** Options of the scheme that the verdict used; refuses a request without a scheme that can be checked. */
function recognisedOptions(unnamed: UnnamedInput, options: Readonly<Record<string, unknown>>): Signing {
  const { signing } = judgeRecognised(unnamed, options);
  if (signing === null)
    throw invalid('scheme', 'Name the scheme: the request shows none that can be checked, and a case file is of one scheme.');
  return signing;
}

export const makeCaseTask = task('makeCaseFile', makeCaseInBackground);
