import type { RequestCodeKind } from '../contract/preview.ts';
import { curlCommand, type CurlRequest } from '../curl-command.ts';
import { fetchCode } from './fetch.ts';
import { goCode } from './go.ts';
import { httpieCommand } from './httpie.ts';
import type { RequestCode } from './parts.ts';
import { pythonCode } from './python.ts';

const writers: Readonly<Record<RequestCodeKind, (request: CurlRequest) => RequestCode>> = {
  curl: (request) => ({ text: curlCommand(request), notes: [] }),
  httpie: httpieCommand,
  fetch: fetchCode,
  python: pythonCode,
  go: goCode,
};

/** Code or a command that makes a request again: its body byte for byte, and a variable for each value that is masked. */
export function requestCode(kind: RequestCodeKind, request: CurlRequest): RequestCode {
  return writers[kind](request);
}
