import { implement, ORPCError, ValidationError, type ImplementerInternalWithMiddlewares } from '@orpc/server';
import { refusals, type RefusalCode } from '#shared/contract/common.ts';
import { contract, type Contract } from '#shared/contract/index.ts';
import { refuseTooDeep } from './input-depth.ts';
import { countIssues, fieldIssues, type FieldIssue } from '#shared/issue-text.ts';
import { type CallContext, refuseUnadmitted } from './admission.ts';
import type { Log } from './ports.ts';
import { Refusal } from './refusal.ts';
import { stackOf } from './stack-of.ts';

/** The contract with the engine's context. It has a name because the inferred type is too long for the compiler to put into a declaration. */
export type Procedures = ImplementerInternalWithMiddlewares<Contract, CallContext, CallContext>;

/** The contract with the engine's context; the files of `procedures/` implement it. */
export function createProcedures(log: Log): Procedures {
  const procedures = implement(contract)
    .$context<CallContext>()
    .use(async ({ context, next, path, signal, procedure }, input) => {
      refuseUnadmitted(context, path.join('.'));
      refuseTooDeep(input);
      try {
        return await next();
      } catch (error) {
        if (signal?.aborted === true) throw error;
        throw toContractError(error, { procedure: path.join('.'), schema: procedure['~orpc'].inputSchema, input }, log);
      }
    });
  return procedures;
}

/** What a door may send about a failure: a refusal with its code, or that the engine has a bug; never a stack. */
function toContractError(
  error: unknown,
  { procedure, schema, input }: { readonly procedure: string; readonly schema: unknown; readonly input: unknown },
  log: Log,
): ORPCError<string, unknown> {
  if (error instanceof Refusal) return contractErrorOf(error);
  if (error instanceof ORPCError && error.cause instanceof ValidationError && error.code === 'BAD_REQUEST') {
    const issues = fieldIssues(error.cause.issues, { schema, input });
    return new ORPCError('INPUT_INVALID', {
      defined: true,
      status: refusals.INPUT_INVALID.status,
      message: sentence(issues, countIssues(error.cause.issues)),
      data: { issues },
    });
  }
  if (error instanceof ORPCError && error.code !== 'INTERNAL_SERVER_ERROR') return error;
  log.error({ procedure, error: stackOf(error) }, 'A procedure failed unexpectedly');
  return new ORPCError('INTERNAL_SERVER_ERROR', {
    message: `Hookyard failed at ${procedure}, and it is not known whether this was done. The log has the details.`,
  });
}

function contractErrorOf({ code, message, data }: Refusal): ORPCError<string, unknown> {
  return new ORPCError<RefusalCode, unknown>(code, { defined: true, status: refusals[code].status, message, data });
}

/** The events of a stream, in which a refusal arrives as the contract's error too: it comes when the call itself has been answered. */
export async function* withRefusals<T>(events: AsyncIterable<T>): AsyncGenerator<T, void, void> {
  try {
    yield* events;
  } catch (error) {
    throw error instanceof Refusal ? contractErrorOf(error) : error;
  }
}

function sentence(issues: readonly FieldIssue[], count: number): string {
  const lines = issues.slice(0, 5).map((issue) => (issue.path === '' ? issue.message : `${issue.path}: ${issue.message}`));
  const more = Math.max(count, issues.length) - lines.length;
  return `The input is not usable. ${lines.join(' ')}${more > 0 ? ` (and ${more} more)` : ''}`;
}
