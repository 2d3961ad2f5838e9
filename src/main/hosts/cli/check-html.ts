import { evidenceOf } from '#shared/check-evidence.ts';
import { wrongAnswerWords } from '#shared/check-answer.ts';
import { caseTimeText, correctReceiver, countsText, nothingFound, undecidedText } from '#shared/check-words.ts';
import type { CaseOutcome, CheckDetail, CheckExchange, CheckFinding, Defect } from '#shared/contract/checks.ts';
import { durationText } from '#shared/duration-text.ts';
import { prettyExact } from '#shared/json/exact.ts';
import { xmlText } from '#shared/junit.ts';

/** A check as one page that needs nothing else: defects, cases, and each request with its answer. */
export function checkHtml(check: CheckDetail): string {
  const { name, url, profile, scheme, counts, reason, defects, cases, seed, createdAtMs } = check;
  const undecided = undecidedText(check);
  const facts = [
    url,
    profile === null ? null : `profile ${profile}`,
    scheme === null ? 'not signed' : `scheme ${scheme}`,
    `seed ${seed}`,
    new Date(createdAtMs).toISOString(),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${text(`Check of ${name}`)}</title>
<style>${style}</style>
</head>
<body>
<h1>${text(`Check of ${name}`)}</h1>
<p>${text(facts.filter((fact) => fact !== null).join(', '))}</p>
<p><b>${countsText(counts)}</b></p>
${reason === null ? '' : `<p>${text(reason)}</p>`}
${undecided === null ? '' : `<p>${text(undecided)}</p>`}
<h2>What is wrong</h2>
${defects.length === 0 ? `<p>${text(nothingFound(check))}</p>` : defects.map((defect) => defectHtml(defect, cases)).join('\n')}
<h2>Cases</h2>
${cases.map(caseHtml).join('\n')}
</body>
</html>
`;
}

const style = `
:root { color-scheme: light dark; }
body { font: 14px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
article, details { border: 1px solid #8886; border-radius: 6px; padding: .5rem .75rem; margin: .5rem 0; }
summary { cursor: pointer; }
pre { overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; font-size: 12.5px; }
.passed b { color: light-dark(#116329, #4ac26b); } .failed b { color: light-dark(#a40e26, #ff7b72); } .advice b { color: light-dark(#7d4e00, #e3b341); }
`;

function defectHtml(defect: Defect, cases: readonly CaseOutcome[]): string {
  const { level, title, message, fix } = defect;
  const { shows, contrast } = evidenceOf(defect, cases);
  // By its title, as the case is called below; a title may have a comma in it.
  const titleOf = (id: string) => cases.find((one) => one.id === id)?.title ?? id;
  const links = (ids: readonly string[]) => ids.map((id) => `<a href="#${text(id)}">“${text(titleOf(id))}”</a>`).join(', ');
  const right = contrast.length === 0 ? '' : `<br>While it did this right: ${links(contrast)}`;
  return `<article class="${level === 'must' ? 'failed' : 'advice'}"><b>${text(title)}</b><br>${text(message)}<br>Seen in: ${links(shows)}${right}<br>To do: ${text(fix)}</article>`;
}

function caseHtml(one: CaseOutcome): string {
  const { id, title, result, message, expects, why, exchanges, findings } = one;
  const answer = wrongAnswerWords(one);
  return `<details id="${text(id)}" class="${result}"${result === 'failed' ? ' open' : ''}>
<summary><b>${result}</b> ${text(title)} (${text(caseTimeText(one))})</summary>
<p>${text(message)}</p>
${answer === null ? '' : `<p>It answered: ${text(answer)}</p>`}
<p>${text(correctReceiver(expects))} ${text(why)}</p>
${findings.map(findingHtml).join('\n')}
${exchanges.map(exchangeHtml).join('\n')}
</details>`;
}

function findingHtml({ message, eventType, dataText }: CheckFinding): string {
  return `<article><p>${text(message)}</p>\n<p>The data of ${text(eventType)}:</p>\n<pre>${text(prettyExact(dataText))}</pre></article>`;
}

function exchangeHtml({ request, answer, outcome, durationMs, sentHow }: CheckExchange): string {
  const sent = [
    `${request.method} ${request.url}`,
    ...request.headers.map((field) => field.join(': ')),
    '',
    bodyText(request.bodyBase64, request.bodyBytes),
  ];
  const came =
    answer === null
      ? [outcome.message]
      : [String(answer.status), ...answer.headers.map((field) => field.join(': ')), '', bodyText(answer.bodyBase64, answer.bodyBytes)];
  const how = [sentHow, durationMs === null ? null : durationText(durationMs)].filter((part) => part !== null).join(', ');
  return `<pre>${text(sent.join('\n'))}</pre>\n<p>${text(how)}</p>\n<pre>${text(came.join('\n'))}</pre>`;
}

function bodyText(base64: string, bytes: number): string {
  const shown = Buffer.from(base64, 'base64');
  return shown.toString('utf8') + (bytes > shown.byteLength ? `\n… ${bytes} bytes in all` : '');
}

/** Text for an element or an attribute, line breaks kept. */
function text(value: string): string {
  return xmlText(value).replaceAll('&#10;', '\n').replaceAll('&#13;', '').replaceAll('&#9;', '\t');
}
