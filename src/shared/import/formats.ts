import { accessLogFormat } from './access-log.ts';
import { casePageFormat } from './around/case-page.ts';
import { fenceFormat } from './around/fence.ts';
import { logPrefixFormat } from './around/log-prefix.ts';
import { mailQuoteFormat } from './around/mail-quote.ts';
import { markdownFormat } from './around/markdown.ts';
import { proseFormat } from './around/prose.ts';
import { curlFormat } from './curl.ts';
import { curlOutputFormat } from './curl-output.ts';
import { fetchFormat } from './fetch-call.ts';
import type { PasteFormat } from './format.ts';
import { httpFileFormat } from './http-file.ts';
import { httpieFormat } from './httpie.ts';
import { jsonLinesFormat } from './json-lines.ts';
import { jsonFormat } from './json-paste.ts';
import { pageFormat } from './page.ts';
import { powershellFormat } from './powershell.ts';
import { printedFormat } from './printed/printed.ts';
import { pythonFormat } from './python-code.ts';
import { linesFormat } from './request-lines-format.ts';
import { wgetFormat } from './wget.ts';

/**
 * Every form that is read, in the order in which they are tried: what can be recognised with certainty first, then wrappings that have to
 * be removed, and last what can only be guessed from its look.
 */
export const pasteFormats: readonly PasteFormat[] = [
  jsonFormat,
  jsonLinesFormat,
  casePageFormat,
  curlFormat,
  wgetFormat,
  powershellFormat,
  fetchFormat,
  pythonFormat,
  curlOutputFormat,
  httpFileFormat,
  accessLogFormat,
  fenceFormat,
  logPrefixFormat,
  printedFormat,
  pageFormat,
  linesFormat,
  httpieFormat,
  mailQuoteFormat,
  markdownFormat,
  proseFormat,
];
