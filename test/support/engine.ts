import { onTestFinished } from 'vitest';
import { createEngine, type Engine, type EnginePorts } from '#engine/index.ts';
import { createTempFolder, createTestLog, testVault } from './temp-workspace.ts';

/** A started engine on a folder of its own; it stops when the test ends. Captures on a free port, no sample unless told. */
export async function startTestEngine(
  ports: Partial<EnginePorts> = {},
): Promise<{ readonly engine: Engine; readonly dataDir: string; readonly captureUrl: string }> {
  const dataDir = ports.dataDir ?? createTempFolder();
  const engine = createEngine({ dataDir, host: 'headless', vault: testVault, log: createTestLog(), capturePort: 0, ...ports });
  onTestFinished(() => engine.stop());
  const { captureUrl } = await engine.start();
  return { engine, dataDir, captureUrl: captureUrl ?? '' };
}
