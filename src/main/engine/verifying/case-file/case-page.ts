import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { SignedPart } from '../../signing/scheme.ts';
import type { CaseBytes, CaseDocument, CaseMatch } from './case-document.ts';
import { markup, jsonForScript, trusted, type Html } from './html.ts';
import { pageScript } from './page-script.ts';
import { pageStyle } from './page-style.ts';
import { visibleBytes, visibleText } from './visible-text.ts';

/** A case as one HTML page that loads nothing: it opens offline, and its policy lets only its own script and style run. */
export function casePage(document: CaseDocument): string {
  const { verdict, scheme, tool } = document;
  const title = `${scheme.title}: ${verdict.verdict}`;
  const policy = `default-src 'none'; script-src ${sourceOf(pageScript)}; style-src ${sourceOf(pageStyle)}; base-uri 'none'; form-action 'none'`;
  return markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} (case file)</title>
        <style>${trusted(pageStyle)}</style>
      </head>
      <body>
        <main>
          <header>
            <h1>Verification of a ${scheme.title} signature</h1>
            <p>Made by ${tool.name} ${tool.version} on ${document.madeAt}. Checked by the receiver's clock of ${document.checkedAt}.</p>
          </header>
          <p class="verdict ${verdict.verdict}">
            ${verdict.reason === 'ok' ? null : markup`<b>${verdict.verdict}</b> (${verdict.reason}). `}${visibleText(verdict.message)}
          </p>
          ${searchSection(document)} ${checksSection(document)} ${repeatSection(document)} ${requestSection(document)}
          ${signatureSection(document)} ${schemeSection(document)}
          <section aria-labelledby="left-out">
            <h2 id="left-out">What is not in this file</h2>
            <ul>
              ${document.leftOut.map((sentence) => markup`<li>${visibleText(sentence)}</li>`)}
            </ul>
          </section>
        </main>
        <script type="application/json" id="case">${jsonForScript(document)}</script>
        <script>${trusted(pageScript)}</script>
      </body>
    </html> `.markup;
}

/** HTML parsers drop the first line break in a `pre`, which may belong to the body. */
const firstBreak = '\n';

/** A source of a policy: the digest of the text between the tags. */
function sourceOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;
}

function checksSection({ verdict }: CaseDocument): Html {
  return markup`<section aria-labelledby="checks">
    <h2 id="checks">Checks as recorded</h2>
    <table>
      <thead>
        <tr>
          <th class="w1" scope="col">Check</th>
          <th scope="col">Result</th>
        </tr>
      </thead>
      <tbody>
        ${verdict.checks.map(
          ({ name, result, message }) =>
            markup`<tr>
              <th scope="row">${name}</th>
              <td data-result="${result}">${visibleText(message)}</td>
            </tr> `,
        )}
      </tbody>
    </table>
    ${verdict.libraryNote === null ? null : markup`<p class="muted">${visibleText(verdict.libraryNote)}</p>`}
    ${
      verdict.next.length === 0
        ? null
        : markup`<h2>What the receiver still has to check</h2>
            <ul>
              ${verdict.next.map((sentence) => markup`<li>${visibleText(sentence)}</li>`)}
            </ul>`
    }
  </section>`;
}

function repeatSection({ repeatable, secrets }: CaseDocument): Html {
  const isShared = secrets.some(({ publicKey }) => publicKey === null);
  return markup`<section aria-labelledby="repeat">
    <h2 id="repeat">Checks that need no secret, run again here</h2>
    <p id="rerun" role="status" class="muted">This page runs them with its own script; without scripts, what was recorded stands.</p>
    <table>
      <thead>
        <tr>
          <th class="w1" scope="col">Check</th>
          <th class="w2" scope="col">Recorded</th>
          <th class="w2" scope="col">Now</th>
        </tr>
      </thead>
      <tbody>
        ${repeatable.map(
          ({ id, title, result, detail }) =>
            markup`<tr>
              <th scope="row">${title}</th>
              <td data-result="${result}">${visibleText(detail)}</td>
              <td data-check="${id}"></td>
            </tr> `,
        )}
      </tbody>
    </table>
    ${isShared ? markup`<p class="muted">The signature itself can only be checked with the secret, in Hookyard.</p>` : null}
  </section>`;
}

function requestSection({ request }: CaseDocument): Html {
  const first = [request.method, request.url].filter((part) => part !== null).join(' ');
  return markup`<section aria-labelledby="request">
    <h2 id="request">Request</h2>
    ${first === '' ? null : markup`<p><code>${visibleText(first)}</code></p>`}
    <table>
      <thead>
        <tr>
          <th class="w1" scope="col">Header</th>
          <th scope="col">Value</th>
        </tr>
      </thead>
      <tbody>
        ${request.headers.map(
          ({ name, value, isRedacted }) =>
            markup`<tr>
              <th scope="row"><code>${visibleText(name)}</code></th>
              <td class="mono${isRedacted ? ' redacted' : ''}">${visibleText(value)}</td>
            </tr> `,
        )}
      </tbody>
    </table>
    <h2>Body, ${request.body.bytes} B</h2>
    ${bytesBlock(request.body)}
  </section>`;
}

function bytesBlock(kept: CaseBytes): Html {
  if (kept.bytes === 0) return markup`<p class="muted">The body is empty.</p>`;
  const { text, isHex, hiddenBytes } = visibleBytes(Buffer.from(kept.base64, 'base64'));
  return markup`<pre tabindex="0">${firstBreak}${text}</pre>
    <p class="muted">
      ${isHex ? 'Not UTF-8, so it is shown in hex. ' : ''}${hiddenBytes > 0 ? `${hiddenBytes} B more are in the data of this file. ` : ''}SHA-256
      <code>${kept.sha256Hex}</code>
    </p>`;
}

function signatureSection({ verdict, expectedSignatureBeginnings, secrets, signed }: CaseDocument): Html {
  const list = (texts: readonly string[]) =>
    texts.length === 0 ? 'none' : texts.map((text) => markup`<code>${visibleText(text)}</code><br />`);
  return markup`<section aria-labelledby="signature">
      <h2 id="signature">Signature</h2>
      <dl>
        <dt>Received</dt>
        <dd>${list(verdict.receivedSignatures)}</dd>
        <dt>Expected (beginning)</dt>
        <dd>${list(expectedSignatureBeginnings)}</dd>
        ${secrets.map(
          ({ label, fingerprint, publicKey }, index) =>
            markup`<dt>${label}</dt>
              <dd>
                fingerprint <code>${fingerprint}</code>${verdict.matchedSecret === index ? ', matches' : ''}${
                  publicKey === null ? null : markup`<br />public key <code>${publicKey}</code>`
                }
              </dd> `,
        )}
      </dl>
    </section>
    ${
      signed === null
        ? null
        : markup`<section aria-labelledby="signed">
            <h2 id="signed">Signed string, ${signed.bytes} B</h2>
            ${signedBlock(signed)}
            <p class="muted">SHA-256 <code>${signed.sha256Hex}</code></p>
          </section>`
    }`;
}

const partLimitBytes = 20_000;

/** The signed bytes, each named part in one of four colours and in the legend. */
function signedBlock(signed: NonNullable<CaseDocument['signed']>): Html {
  const bytes = Buffer.from(signed.base64, 'base64');
  const names = [...new Set(signed.parts.map(({ name }) => name).filter(isNamed))];
  const colourOf = (name: string) => (names.indexOf(name) % 4) + 1;
  const shown = (part: SignedPart) => {
    const whole = bytes.subarray(part.start, part.end);
    const { text, hiddenBytes } = visibleBytes(whole.subarray(0, partLimitBytes));
    const hidden = hiddenBytes + Math.max(0, whole.byteLength - partLimitBytes);
    const content = markup`${text}${hidden > 0 ? ` … ${hidden} B more` : ''}`;
    return isNamed(part.name) ? markup`<span data-part="${colourOf(part.name)}" title="${part.name}">${content}</span>` : content;
  };
  return markup`<ul class="legend">
      ${names.map((name) => markup`<li><span data-part="${colourOf(name)}">${name}</span></li>`)}
    </ul>
    <pre tabindex="0">${firstBreak}${signed.parts.length === 0 ? visibleBytes(bytes).text : signed.parts.map(shown)}</pre>`;
}

function isNamed(name: string): boolean {
  return name !== 'separator' && name !== 'literal';
}

function searchSection({ search }: CaseDocument): Html | null {
  if (search === null) return null;
  const tried = `${search.tried.total} signatures were computed and compared in ${Math.round(search.elapsedMs)} ms.`;
  return markup`<section aria-labelledby="search">
    <h2 id="search">${search.matches.length === 0 ? 'No cause was found' : 'Causes found, the simplest first'}</h2>
    ${
      search.matches.length === 0
        ? null
        : markup`<ol>
            ${search.matches.map(matchItem)}
          </ol>`
    }
    ${
      search.advice.length === 0
        ? null
        : markup`<ul>
            ${search.advice.map((sentence) => markup`<li>${visibleText(sentence)}</li>`)}
          </ul>`
    }
    <p class="muted">${tried}${search.exhausted ? '' : ` ${untriedText(search)}`}</p>
  </section>`;
}

/** What was not tried; a file made from an older result only knows that there is something. */
function untriedText({ untried }: NonNullable<CaseDocument['search']>): string {
  return untried.length === 0 ? 'Not everything was tried.' : untried.map(({ sentence }) => sentence).join(' ');
}

function matchItem(match: CaseMatch): Html {
  const { sentence, weak, secretLabel, secretFingerprint, expected, received, unchanged, bodyDiff } = match;
  return markup`<li>
    <p><b>${visibleText(sentence)}</b> ${weak ? markup`<span class="badge weak">weak evidence</span>` : null}</p>
    <dl>
      <dt>Secret</dt>
      <dd>${visibleText(secretLabel)}, fingerprint <code>${secretFingerprint}</code></dd>
      <dt>Received</dt>
      <dd><code>${visibleText(received)}</code></dd>
      <dt>With the change</dt>
      <dd><code>${visibleText(expected)}</code></dd>
      ${
        unchanged === null
          ? null
          : markup`<dt>Without it</dt>
              <dd><code>${visibleText(unchanged)}</code></dd>`
      }
      ${
        bodyDiff === null
          ? null
          : markup`<dt>Bodies differ</dt>
              <dd>
                from byte ${bodyDiff.offset} on: received <code>${bodyDiff.beforeHex}</code>, signed <code>${bodyDiff.afterHex}</code>
              </dd>`
      }
    </dl>
  </li>`;
}

function schemeSection({ scheme, options }: CaseDocument): Html {
  const { scheme: _id, ...rest } = options;
  const link = (url: string | null) => (url === null ? null : markup`<a href="${url}" rel="noreferrer">${url}</a>`);
  return markup`<section aria-labelledby="scheme">
    <h2 id="scheme">Scheme</h2>
    <dl>
      <dt>Id</dt>
      <dd><code>${scheme.id}</code></dd>
      <dt>How it signs</dt>
      <dd>${scheme.description}</dd>
      ${
        Object.keys(rest).length === 0
          ? null
          : markup`<dt>Options</dt>
              <dd><code>${visibleText(JSON.stringify(rest))}</code></dd>`
      }
      <dt>Pitfall</dt>
      <dd>${scheme.pitfall}</dd>
      ${
        scheme.libraryNote === null
          ? null
          : markup`<dt>The provider's library</dt>
              <dd>${scheme.libraryNote}</dd>`
      }
      ${
        scheme.source === null
          ? null
          : markup`<dt>Source</dt>
              <dd>${link(scheme.source)}${scheme.asOf === null ? '' : `, as of ${scheme.asOf}`}</dd>`
      }
      ${
        scheme.documentation === null
          ? null
          : markup`<dt>Documentation</dt>
              <dd>${link(scheme.documentation)}</dd>`
      }
    </dl>
  </section>`;
}
