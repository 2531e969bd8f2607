import { availableParallelism, hostname } from 'node:os';
import { resolve } from 'node:path';
import { Drone, factLabels, measureSpeed } from '@skep/drone';
import { dataFolder } from '../config/dataFolder.js';
import type { Settings } from '../config/settings.js';
import { EXIT } from '../exitCodes.js';
import type { Session } from '../Session.js';
import { ensureFolder } from './ensureFolder.js';
import { serverLog } from './serverLog.js';
import { onStopSignal } from './stopSignals.js';

/** How long the queen may be silent before whoever started the drone is told that it is still being looked for. */
const PATIENCE_MS = 3000;

/** Runs a drone until it is told to leave. */
export async function startDrone(session: Session, settings: Settings): Promise<void> {
  const { terminal } = session;
  const dataDir = await ensureFolder(resolve(session.cwd, settings.data ?? dataFolder('drone', session.env)));
  const log = serverLog(settings.logLevel, terminal, process.stderr.isTTY);
  const speed = settings.speed ?? (await measureSpeed(dataDir));
  const drone = new Drone({
    queen: settings.queen,
    dataDir,
    speed,
    name: settings.name ?? hostname(),
    capacity: settings.capacity ?? availableParallelism(),
    labels: { ...factLabels(), ...settings.labels },
    platform: settings.platform,
    passEnv: settings.passEnv,
    plugins: settings.plugins,
    pluginTimeoutMs: settings.pluginTimeout * 1000,
    handlerFiles: settings.handlers.map((file) => resolve(session.cwd, file)),
    minFreeBytes: settings.minFreeBytes,
    maxOutput: settings.maxOutput,
    executorLimits: {
      maxAgeMs: settings['executor.maxAge'] * 1000,
      maxAttempts: settings['executor.maxAttempts'],
      maxMemoryBytes: settings['executor.maxMemory'],
    },
    token: settings.token,
    log,
    executorEntry: new URL('./executor.js', import.meta.url),
  });
  const stopListening = onStopSignal((count) => {
    if (count === 1) {
      log.info('leaving when what runs is done');
      void drone.stop();
    } else if (count === 2) drone.cancelAll('the drone was told to stop');
    else process.exit(EXIT.error);
  });
  const waiting = setTimeout(() => terminal.remark(`no queen answers at ${settings.queen} yet; trying on`), PATIENCE_MS);
  try {
    // Whichever comes first: it may be told to leave before there is a queen.
    await Promise.race([drone.start(), drone.closed]);
    clearTimeout(waiting);
    const { name, capacity } = drone.info;
    if (session.json) await terminal.json({ type: 'ready', name, speed, capacity });
    terminal.notice(`skep drone ${name} ready, speed ${speed}, capacity ${capacity}`);
    await drone.closed;
  } finally {
    clearTimeout(waiting);
    stopListening();
  }
}
