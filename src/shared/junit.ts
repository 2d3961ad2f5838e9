/** One case of a JUnit report. */
export interface JunitCase {
  readonly name: string;
  readonly seconds: number;
  /** Null for a case that passed. */
  readonly failure: { readonly message: string; readonly details: string } | null;
  /** Why it could not be run to its end; left out for a case that was. */
  readonly error?: string;
  /** Why it was not run; left out for a case that was. */
  readonly skipped?: string;
}

/** Cases that belong together, such as those of one run. */
export interface JunitSuite {
  readonly name: string;
  readonly cases: readonly JunitCase[];
}

/** A JUnit report, as CI systems read it. */
export function junitXml(...suites: readonly JunitSuite[]): string {
  return ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites>', ...suites.map(suiteXml), '</testsuites>', ''].join('\n');
}

function suiteXml({ name, cases }: JunitSuite): string {
  const seconds = cases.reduce((sum, each) => sum + each.seconds, 0);
  const failures = cases.filter(({ failure }) => failure !== null).length;
  const errors = cases.filter((each) => each.error !== undefined).length;
  const skipped = cases.filter((each) => each.skipped !== undefined).length;
  const counts = `tests="${cases.length}" failures="${failures}" errors="${errors}" skipped="${skipped}"`;
  return [
    `  <testsuite name="${xmlText(name)}" ${counts} time="${seconds.toFixed(3)}">`,
    ...cases.map((each) => caseXml(name, each)),
    '  </testsuite>',
  ].join('\n');
}

function caseXml(suite: string, { name, seconds, failure, error, skipped }: JunitCase): string {
  const head = `    <testcase classname="${xmlText(suite)}" name="${xmlText(name)}" time="${seconds.toFixed(3)}"`;
  if (skipped !== undefined) return `${head}>\n      <skipped message="${xmlText(skipped)}"/>\n    </testcase>`;
  if (error !== undefined) return `${head}>\n      <error message="${xmlText(error)}">${xmlText(error)}</error>\n    </testcase>`;
  if (failure === null) return `${head}/>`;
  return `${head}>\n      <failure message="${xmlText(failure.message)}">${xmlText(failure.details)}</failure>\n    </testcase>`;
}

/** Characters that XML 1.0 cannot have, even escaped; lone halves of a pair are among them. */
// oxlint-disable-next-line no-control-regex -- they are meant
const impossible = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
};

/** Text for an attribute or an element; what XML cannot have becomes U+FFFD. */
export function xmlText(text: string): string {
  return text.replace(impossible, '\ufffd').replace(/[&<>"\n\r\t]/g, (char) => escapes[char] ?? char);
}
