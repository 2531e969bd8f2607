import { resolve } from 'node:path';
import type { Limits } from '@skep/protocol';
import { Queen } from '@skep/queen';
import { dataFolder } from '../config/dataFolder.js';
import { retentionOf } from '../config/retentionOf.js';
import type { Settings } from '../config/settings.js';
import { EXIT } from '../exitCodes.js';
import type { Session } from '../Session.js';
import { ensureFolder } from './ensureFolder.js';
import { serverLog } from './serverLog.js';
import { onStopSignal } from './stopSignals.js';

/** Runs a queen until it is told to stop. */
export async function startQueen(session: Session, settings: Settings): Promise<void> {
  const { terminal } = session;
  const { host, port, hosts, origins, order, artifacts, badges, lostAfter, logLevel } = settings;
  const dataDir = await ensureFolder(resolve(session.cwd, settings.data ?? dataFolder('queen', session.env)));
  const log = serverLog(logLevel, terminal, process.stderr.isTTY);
  // On which version of Node we run is ours to tell, and not of the library that speaks with S3.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const queen = new Queen({
    host,
    port,
    dataDir,
    hosts,
    origins,
    order,
    ...(artifacts !== undefined && { artifacts }),
    publicBadges: badges === 'public',
    limits: limitsOf(settings),
    retention: retentionOf(settings),
    lostAfterMs: lostAfter * 1000,
    log,
    webDir: new URL('./web/', import.meta.url),
    storeThreadEntry: new URL('./storeThread.js', import.meta.url),
    searchThreadEntry: new URL('./searchThread.js', import.meta.url),
  });
  let stopped = (): void => {};
  const stopping = new Promise<void>((resolve) => {
    stopped = resolve;
  });
  const stopListening = onStopSignal((count) => {
    if (count > 1) process.exit(EXIT.error);
    log.info('stopping');
    stopped();
  });
  try {
    const { url, adminToken } = await queen.listen();
    if (session.json) await terminal.json({ type: 'ready', url, ...(adminToken !== undefined && { adminToken }) });
    terminal.notice(`skep queen ready at ${url}`);
    if (adminToken !== undefined && !session.json) {
      terminal.notice(`the admin token, shown only this once: ${adminToken}`);
      terminal.notice('make one for each drone: skep token add NAME --scope drone');
    }
    await stopping;
  } finally {
    await queen.close();
    stopListening();
  }
}

const limitsOf = (settings: Settings): Limits => ({
  maxPayload: settings['limits.maxPayload'],
  maxQueue: settings['limits.maxQueue'],
  maxCells: settings['limits.maxCells'],
  maxConnections: settings['limits.maxConnections'],
  maxOutput: settings['limits.maxOutput'],
  maxWatches: settings['limits.maxWatches'],
  maxEventRate: settings['limits.maxEventRate'],
  maxArtifact: settings['limits.maxArtifact'],
  maxArtifacts: settings['limits.maxArtifacts'],
  maxUploads: settings['limits.maxUploads'],
});
