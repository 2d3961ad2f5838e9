import { StartError, type Engine } from '#engine/index.ts';
import { usageError } from './exit-error.ts';

/** Starts an engine; a data folder or port that it cannot use becomes a usage error with its sentence. */
export async function startEngine(engine: Engine): Promise<Awaited<ReturnType<Engine['start']>>> {
  try {
    return await engine.start();
  } catch (error) {
    if (error instanceof StartError) throw usageError(error.message, { cause: error });
    throw error;
  }
}
