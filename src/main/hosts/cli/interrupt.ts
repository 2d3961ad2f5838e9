/** 128 and the number of SIGINT, as shells count it. */
const interruptedExitCode = 130;

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Ctrl-C (or SIGTERM, or a terminal that is closed) while a command is at work. */
export interface Interrupt {
  /**
   * What an interrupt does from now on, at once if there was one already; following what it ends is left to the command.
   * An action that fails ends the process, for then nothing else would.
   */
  readonly setAction: (action: () => Promise<unknown>) => void;
  /** The exit code of the command: the interrupt's if there was one, otherwise the given one. */
  readonly exitCode: (otherwise: number) => number;
  /** Stops listening; the signals end the process again. */
  readonly release: () => void;
}

/**
 * Listens for Ctrl-C from now on. Begin before the work does: otherwise a key pressed between the start of the work and
 * the first line about it ends the process and leaves the work going on unseen. A second Ctrl-C always ends the process.
 */
export function listenForInterrupt(): Interrupt {
  let hasCome = false;
  let action: (() => Promise<unknown>) | null = null;
  const leave = () => process.exit(interruptedExitCode);
  const act = () => void action?.().catch(leave);
  const stop = () => {
    if (hasCome) leave();
    hasCome = true;
    act();
  };
  for (const signal of signals) process.on(signal, stop);
  return {
    setAction: (next) => {
      action = next;
      if (hasCome) act();
    },
    exitCode: (otherwise) => (hasCome ? interruptedExitCode : otherwise),
    release: () => {
      for (const signal of signals) process.off(signal, stop);
    },
  };
}
