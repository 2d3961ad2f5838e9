import { Command } from 'commander';
import { customOptions } from '#shared/contract/signing.ts';
import type { VerifyAnswer } from '#shared/contract/verifying.ts';
import { describeCustom } from '#shared/recognise/describe-custom.ts';
import { whyNoSearch } from '#shared/worth-a-search.ts';
import { dataDirOption } from '#hosts/shared/command-line.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import { connect, type EngineClient } from '../engine-client.ts';
import { addCaseFlags, caseChoice, writeCase, type CaseFlags } from '../case-flags.ts';
import { addFixFlag, readFix, type FixFlags } from '../fix-flags.ts';
import { createFileReader } from '../input.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { nowOption } from '../offline.ts';
import { printJson, printLine, tonedVerdict } from '../output.ts';
import { addRequestFlags, readRequest, type RequestFlags } from '../request-flags.ts';
import { addSolveFlags, printSolution, searchCause, type SolveFlags } from '../solve-flags.ts';
import { addSigningFlags, readSchemeOptions, readSecrets, schemeIn, type SigningFlags } from '../signing-flags.ts';

interface VerifyFlags extends SigningFlags, RequestFlags, CaseFlags, SolveFlags, FixFlags {
  readonly secretsOf?: string;
  readonly dataDir: string;
  readonly now?: number;
  readonly json?: boolean;
}

/** The `verify` command: the verdict on a request's signature, with the checks behind it. */
export function verifyCommand(): Command {
  const command = new Command('verify').description('Check the signature of a request; exits 0 when valid, 1 when not, 2 without a secret');
  const signed = addSigningFlags(addRequestFlags(command), 'auto has it recognised, and is the default except with --headers');
  return addFixFlag(addSolveFlags(addCaseFlags(signed)))
    .option('--secrets-of <id>', 'also try the secrets of this endpoint or bin, with --capture or --attempt')
    .option('--now <unix>', 'check as if it were this time, in Unix seconds (default: now, or the time of a capture or attempt)', nowOption)
    .addOption(dataDirOption())
    .option('--json', 'print one JSON document')
    .action(verify);
}

async function verify(flags: VerifyFlags): Promise<void> {
  const files = createFileReader();
  const scheme = schemeIn(flags) ?? (flags.headers === undefined ? 'auto' : undefined);
  if (scheme === undefined)
    throw usageError(
      'Say how the request is signed with --scheme, such as standard-webhooks, stripe, custom, or auto to have it recognised.',
    );
  const secrets = readSecrets(flags, files, process.env);
  if (flags.allSecrets === true && flags.solve !== true) throw usageError('--all-secrets goes with --solve.');
  if (flags.solveSeconds !== undefined && flags.solve !== true) throw usageError('--solve-seconds goes with --solve.');
  if (secrets.length === 0 && scheme !== 'auto' && flags.secretsOf === undefined && flags.allSecrets !== true)
    throw usageError('Give the secret with --secret-file FILE, HOOKYARD_SECRET or --secret.');
  const chosen = readRequest(flags, files);
  if (flags.secretsOf !== undefined && chosen.kind === 'given') throw usageError('--secrets-of needs --capture or --attempt.');
  const change = readFix(flags, files);
  if (change !== null && (flags.solve === true || flags.case !== undefined))
    throw usageError('--fix goes without --solve and --case: a search and a case file are of the request as it came.');
  // One reading of the clock for the verdict, the search and the command that is printed as the fix.
  const nowMs = flags.now ?? (chosen.kind === 'given' ? Date.now() : undefined);
  const question = {
    scheme,
    secrets: [...secrets],
    options: readSchemeOptions(flags),
    ...(flags.secretsOf === undefined ? {} : { secretsOf: flags.secretsOf }),
    ...(chosen.kind === 'given' ? { request: chosen.request } : chosen.choice),
    ...(nowMs === undefined ? {} : { nowMs }),
  };
  const wanted = caseChoice(flags);
  const needsHost = chosen.kind !== 'given' || flags.allSecrets === true || change?.secret?.kind === 'owner';
  const interrupt = listenForInterrupt();
  await withVerifier(needsHost, flags.dataDir, async (verifying) => {
    const answer = await verifying.verify(change === null ? question : { ...question, change });
    if (flags.json !== true) printAnswer(answer);
    const noSearch = flags.solve === true ? whyNoSearch(answer, secrets.length > 0) : null;
    const solution =
      flags.solve === true && noSearch === null ? await searchCause(verifying, solveQuestion(question, flags), interrupt) : null;
    if (flags.json === true) printJson(solution === null ? answer : { ...answer, solution });
    else if (solution !== null) printSolution(solution, { args: process.argv.slice(2), nowMs });
    else if (noSearch !== null && answer.verdict !== 'valid') printLine(`  search    ${noSearch}`);
    // Nothing was checked then, so the command is what has to change.
    const isSomethingMissing = answer.reason === 'secret_missing' || answer.reason === 'request_incomplete';
    process.exitCode = interrupt.exitCode(answer.verdict === 'valid' ? 0 : isSomethingMissing ? 2 : 1);
    if (wanted === null) return;
    const file = await verifying.case({
      ...question,
      format: wanted.format,
      includeHeaders: wanted.includeHeaders,
      ...(solution === null ? {} : { search: solution }),
    });
    writeCase(wanted, file.contentBase64);
  }).finally(interrupt.release);
}

/** The same input for the search, which takes the secrets of several endpoints. */
function solveQuestion<T extends { readonly secretsOf?: string }>({ secretsOf, ...question }: T, { allSecrets, solveSeconds }: SolveFlags) {
  return {
    ...question,
    secretsOf: secretsOf === undefined ? [] : [secretsOf],
    allSecrets: allSecrets === true,
    ...(solveSeconds === undefined ? {} : { maxMs: solveSeconds * 1000 }),
  };
}

/** Uses the running host for what only its workspace has, and this process for everything else. */
async function withVerifier<T>(needsHost: boolean, dataDir: string, ask: (verifying: EngineClient['verifying']) => Promise<T>): Promise<T> {
  if (!needsHost) {
    const { createOfflineClient } = await import('#engine/index.ts');
    return ask(createOfflineClient().verifying);
  }
  const session = await connect(dataDir);
  try {
    return await ask(session.client.verifying);
  } finally {
    await session.close();
  }
}

function printAnswer(verification: VerifyAnswer): void {
  printLine(`${tonedVerdict(verification.verdict)}  ${verification.message}`);
  for (const { scheme, confidence, because } of verification.recognised ?? []) printLine(`  scheme  ${scheme} (${confidence}): ${because}`);
  const custom = customOptions.safeParse({ ...verification.options, scheme: verification.scheme });
  if (custom.success) printLine(`  read as   ${describeCustom(custom.data)}`);
  if (verification.transit !== undefined) printLine(`  transit   ${verification.transit.sentence}`);
  for (const { name, result, message } of verification.checks) printLine(`  ${result.padEnd(8)}${name.padEnd(10)} ${message}`);
  if (verification.verdict !== 'valid') {
    for (const signature of verification.receivedSignatures) printLine(`  received  ${signature}`);
    for (const signature of verification.expectedSignatures) printLine(`  expected  ${signature}`);
  }
  if (verification.libraryNote !== null) printLine(`  library   ${verification.libraryNote}`);
  for (const step of verification.next) printLine(`  next      ${step}`);
}
