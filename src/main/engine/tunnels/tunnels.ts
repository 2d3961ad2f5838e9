import type { Tunnel, TunnelProgram, TunnelProgramName } from '#shared/contract/tunnels.ts';
import type { Changes } from '../base/changes.ts';
import type { Clock, Ids, Log } from '../base/ports.ts';
import { conflict, invalid, notFound } from '../base/refusal.ts';
import type { Capture } from '../capture/capture.ts';
import { findProgram } from './find-program.ts';
import { startGuarded, type GuardedProcess } from './guarded-process.ts';
import { tunnelPrograms, type TunnelProgramFacts } from './programs.ts';
import { stackOf } from '../base/stack-of.ts';

export interface TunnelsDeps {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly changes: Changes;
  readonly capture: Pick<Capture, 'bins' | 'openAlone'>;
  /** Those of the process unless a test gives others. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** Tunnels to bins, by programs that are installed. They end with the engine. */
export interface Tunnels {
  readonly programs: () => TunnelProgram[];
  readonly list: () => Tunnel[];
  /** Rejects with a Refusal when no program is installed, or the bin has a tunnel. */
  readonly start: (input: { readonly binId: string; readonly program?: TunnelProgramName | undefined }) => Promise<Tunnel>;
  readonly stop: (id: string) => Promise<void>;
  /** The bin was deleted. */
  readonly stopBin: (binId: string) => Promise<void>;
  readonly stopAll: () => Promise<void>;
}

/** A program that ended this many times in a row without having been up is not started again. */
const mostFailures = 5;
const firstWaitMs = 1000;
const longestWaitMs = 60_000;
const mostTunnels = 10;
/** Lines of output that are looked back at. */
const lookedBack = 3;

interface Running {
  view: Tunnel;
  process: GuardedProcess | null;
  isEnding: boolean;
  endSleep: () => void;
  done: Promise<void>;
}

export function createTunnels({ clock, ids, log, changes, capture, environment = process.env }: TunnelsDeps): Tunnels {
  const running = new Map<string, Running>();
  const fileOf = ({ commands }: TunnelProgramFacts) => findProgram(commands, environment);
  const become = (tunnel: Running, change: Partial<Tunnel>) => {
    tunnel.view = { ...tunnel.view, ...change };
    changes.publish('tunnels', [tunnel.view.id]);
  };
  const sleep = (tunnel: Running, delayMs: number) =>
    new Promise<void>((resolve) => {
      if (tunnel.isEnding) return resolve();
      const end = () => {
        cancel();
        resolve();
      };
      const cancel = clock.at(clock.now() + delayMs, end);
      tunnel.endSleep = end;
      return undefined;
    });

  /** Runs the program until it ends; whether it was up meanwhile, and what it said was wrong. */
  const runOnce = async (tunnel: Running, facts: TunnelProgramFacts, file: string, localUrl: string) => {
    const before: string[] = [];
    let problem: string | null = null;
    let wasUp = false;
    const onLine = (line: string) => {
      const plain = withoutColours(line).slice(0, 4000);
      const url = wasUp ? null : facts.publicUrlIn(plain, before.slice(-lookedBack).join('\n'));
      problem = facts.problemIn(plain) ?? problem;
      before.push(plain);
      if (before.length > 20) before.shift();
      if (url === null) return;
      wasUp = true;
      const bin = capture.bins.find(tunnel.view.binId);
      become(tunnel, {
        state: 'up',
        publicUrl: `${url}/${bin?.slug ?? ''}`,
        message: `${facts.title} leads to this bin, and to nothing else.`,
      });
    };
    tunnel.process = startGuarded(file, facts.args(localUrl), { environment: withoutOurs(environment), onLine });
    const code = await tunnel.process.ended;
    tunnel.process = null;
    const said = problem ?? before.findLast((line) => line.trim() !== '') ?? null;
    return { wasUp, message: endSentence(facts, code, said) };
  };

  const keepUp = async (tunnel: Running, facts: TunnelProgramFacts, file: string, localUrl: string) => {
    let failures = 0;
    while (!tunnel.isEnding) {
      const { wasUp, message } = await runOnce(tunnel, facts, file, localUrl);
      if (tunnel.isEnding) return;
      failures = wasUp ? 0 : failures + 1;
      if (failures >= mostFailures) {
        become(tunnel, {
          state: 'failed',
          publicUrl: null,
          message: `${message} It was tried ${mostFailures} times: stop it here, and start it again once that is mended.`,
        });
        return;
      }
      const waitMs = Math.min(longestWaitMs, firstWaitMs * 2 ** failures);
      become(tunnel, {
        state: 'restarting',
        publicUrl: null,
        restarts: tunnel.view.restarts + 1,
        message: `${message} It is started again.`,
      });
      await sleep(tunnel, waitMs);
    }
  };

  /** Never rejects. */
  const runToEnd = (tunnel: Running, facts: TunnelProgramFacts, file: string, localUrl: string): Promise<void> =>
    keepUp(tunnel, facts, file, localUrl).catch((error: unknown) => {
      log.error({ tunnelId: tunnel.view.id, error: stackOf(error) }, 'A tunnel failed unexpectedly');
      become(tunnel, { state: 'failed', publicUrl: null, message: 'Hookyard failed at this tunnel; its log has the details.' });
    });

  const end = async (tunnel: Running) => {
    tunnel.isEnding = true;
    tunnel.endSleep();
    await tunnel.process?.stop();
    await tunnel.done;
    running.delete(tunnel.view.id);
    changes.publish('tunnels', [tunnel.view.id]);
  };

  return {
    programs: () =>
      tunnelPrograms.map((facts) => ({
        name: facts.name,
        title: facts.title,
        install: facts.install,
        isInstalled: fileOf(facts) !== null,
      })),
    list: () => [...running.values()].map(({ view }) => view),
    start: async ({ binId, program }) => {
      if (capture.bins.find(binId) === undefined) throw notFound('bin', binId);
      if ([...running.values()].some(({ view }) => view.binId === binId))
        throw conflict('binId', 'This bin has a tunnel already: stop that one first.');
      if (running.size >= mostTunnels) throw conflict('binId', `${mostTunnels} tunnels run already: stop one that is not needed.`);
      const { facts, file } = chosen(program, fileOf);
      const tunnel: Running = {
        view: {
          id: ids.next('tun'),
          binId,
          program: facts.name,
          state: 'starting',
          message: `${facts.title} is being started.`,
          publicUrl: null,
          restarts: 0,
          startedAtMs: clock.now(),
        },
        process: null,
        isEnding: false,
        endSleep: () => undefined,
        done: Promise.resolve(),
      };
      // Known before its port is open: no other may be started meanwhile, and what ends its bin or the engine ends it too.
      running.set(tunnel.view.id, tunnel);
      const opening = capture.openAlone(binId);
      tunnel.done = opening.then(
        (alone) => runToEnd(tunnel, facts, file, alone.url).finally(alone.stop),
        () => undefined,
      );
      try {
        await opening;
      } catch (error) {
        running.delete(tunnel.view.id);
        throw error;
      }
      if (tunnel.isEnding) throw conflict('binId', 'This tunnel was stopped while it was being started: start it again if it is needed.');
      changes.publish('tunnels', [tunnel.view.id]);
      return tunnel.view;
    },
    stop: async (id) => {
      const tunnel = running.get(id);
      if (tunnel === undefined) throw notFound('tunnel', id);
      await end(tunnel);
    },
    stopBin: async (binId) => {
      await Promise.all([...running.values()].filter(({ view }) => view.binId === binId).map(end));
    },
    stopAll: async () => {
      await Promise.all([...running.values()].map(end));
    },
  };
}

function chosen(
  wanted: TunnelProgramName | undefined,
  fileOf: (facts: TunnelProgramFacts) => string | null,
): { readonly facts: TunnelProgramFacts; readonly file: string } {
  const asked = tunnelPrograms.filter(({ name }) => wanted === undefined || name === wanted);
  for (const facts of asked) {
    const file = fileOf(facts);
    if (file !== null) return { facts, file };
  }
  const [only] = asked;
  if (wanted !== undefined && only !== undefined)
    throw invalid('program', `${only.title} is not installed on this machine. ${only.install}`);
  throw invalid(
    'program',
    `No program for tunnels is installed on this machine (${tunnelPrograms.map(({ name }) => name).join(', ')}). The simplest: ${tunnelPrograms[0]?.install ?? ''}`,
  );
}

function endSentence({ title }: TunnelProgramFacts, code: number | null, said: string | null): string {
  const how = code === null ? 'could not be run or was ended' : `ended with the exit code ${code}`;
  return `${title} ${how}${said === null ? '.' : `: ${withoutTokens(said).trim().slice(0, 300).replace(/\.?$/, '.')}`}`;
}

/** Programs print tokens that they were given along with what is wrong with them. */
function withoutTokens(text: string): string {
  return text.replaceAll(/\b[A-Za-z0-9_]{20,}\b/g, '…');
}

function withoutColours(line: string): string {
  // oxlint-disable-next-line no-control-regex -- they begin with one
  return line.replaceAll(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, '');
}

/** The environment of a program of somebody else, without what is meant for Hookyard. */
function withoutOurs(environment: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('HOOKYARD_')));
}
