import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { Database } from 'better-sqlite3';
import { EndedSeries } from '../EndedSeries.js';
import { artifactWrites } from './artifacts.js';
import { attemptWrites } from './attempts.js';
import { cacheWrites } from './caches.js';
import type { EncodedChange } from './changes.js';
import { commandWrites } from './commands.js';
import { droneWrites } from './drones.js';
import { eventWrites } from './events.js';
import { type Failure, toFailure } from './failures.js';
import { forgetWrites } from './forget.js';
import { jobWrites } from './jobs.js';
import { CLOSE, type EncodedCall, type Settled, type ThreadMessage, type WriteRequest } from './messages.js';
import { CHECKPOINT_BYTES } from './openDatabase.js';
import { platformWrites } from './platforms.js';
import { scheduleWrites } from './schedules.js';
import { templateWrites } from './templates.js';
import { tokenWrites } from './tokens.js';
import { uploadWrites } from './uploads.js';
import { viewWrites } from './views.js';

/** One transaction takes up no more output than this, so that the first calls in it do not wait for ever. */
const TRANSACTION_BYTES = 16 * 1024 * 1024;

/** About what a call adds to the log beside its output: the pages that it touches, of which calls in one transaction share some. */
const CALL_BYTES = 32 * 1024;

/**
 * Carries out what comes through the port: all calls that wait become one transaction, and so share one flush to the
 * disk. While that goes on, the next ones gather.
 */
export function startWriter(db: Database, port: MessagePort, close: () => void): void {
  const commit = groupCommit(db);
  const checkpoint = checkpoints(db);
  port.on('message', (first: WriteRequest | typeof CLOSE) => {
    let message: WriteRequest | typeof CLOSE | undefined = first;
    while (message !== undefined && message !== CLOSE) {
      const requests: WriteRequest[] = [];
      let bytes = 0;
      while (message !== undefined && message !== CLOSE) {
        requests.push(message);
        bytes += message.memory.byteLength;
        message = bytes < TRANSACTION_BYTES ? next(port) : undefined;
      }
      port.postMessage({ type: 'settled', calls: commit(requests) } satisfies ThreadMessage);
      // Only now, when those who waited have their answer.
      checkpoint(bytes + requests.reduce((sum, { calls }) => sum + calls.length * CALL_BYTES, 0));
      message ??= next(port);
    }
    if (message === CLOSE) close();
  });
}

const next = (port: MessagePort): WriteRequest | typeof CLOSE | undefined => receiveMessageOnPort(port)?.message;

/** Empties the log into the database whenever about so much was written since the last time. */
function checkpoints(db: Database): (writtenBytes: number) => void {
  let bytes = 0;
  return (writtenBytes) => {
    bytes += writtenBytes;
    if (bytes < CHECKPOINT_BYTES) return;
    bytes = 0;
    try {
      db.pragma('wal_checkpoint(passive)');
    } catch {
      // Nothing is lost: it all stays in the log, and the next time may find room.
    }
  };
}

/** Carries out calls in one transaction. Each is a savepoint of its own: one that fails is undone alone. */
function groupCommit(db: Database): (requests: WriteRequest[]) => Settled[] {
  const apply = applyChange(db);
  const begin = db.prepare<[]>('begin immediate');
  const commit = db.prepare<[]>('commit');
  const rollback = db.prepare<[]>('rollback');
  const save = db.prepare<[]>('savepoint call');
  const undo = db.prepare<[]>('rollback to call');
  const release = db.prepare<[]>('release call');
  const ended = new EndedSeries<Failure>();

  function settle({ id, changes, series }: EncodedCall, memory: Uint8Array): Settled {
    const before = ended.failureOf(series);
    if (before !== undefined) return { id, failure: before };
    save.run();
    try {
      for (const change of changes) apply(change, memory);
      release.run();
      return { id, value: undefined };
    } catch (error) {
      // Where there is no room SQLite may have undone the whole transaction by itself.
      if (!db.inTransaction) throw error;
      undo.run();
      release.run();
      const failure = toFailure(error);
      ended.add(series, failure);
      return { id, failure };
    }
  }

  return (requests) => {
    try {
      begin.run();
      const settled = requests.flatMap(({ calls, memory }) => calls.map((call) => settle(call, memory)));
      commit.run();
      return settled;
    } catch (error) {
      if (db.inTransaction) rollback.run();
      const failure = toFailure(error);
      return requests.flatMap(({ calls }) =>
        calls.map(({ id, series }) => {
          ended.add(series, failure);
          return { id, failure };
        }),
      );
    }
  };
}

function applyChange(db: Database): (change: EncodedChange, memory: Uint8Array) => void {
  const { addJob, setJobState } = jobWrites(db);
  const { putAttempt, leaseOf } = attemptWrites(db);
  const { putCommand } = commandWrites(db);
  const { addEvents } = eventWrites(db);
  const { putDrone, forgetDrone } = droneWrites(db);
  const { putToken, dropToken } = tokenWrites(db);
  const { putView, dropView } = viewWrites(db);
  const { putSchedule, dropSchedule, addRun } = scheduleWrites(db);
  const { putTemplate, dropTemplate } = templateWrites(db);
  const { putDroppedPlatform, restorePlatform } = platformWrites(db);
  const { putArtifact } = artifactWrites(db);
  const { putCache, dropCache } = cacheWrites(db);
  const { putUpload, dropUpload } = uploadWrites(db);
  const { forgetJob, dropForgotten } = forgetWrites(db);
  return (change, memory) => {
    switch (change.type) {
      case 'job':
        return addJob(change.row, change.submission);
      case 'job-state':
        return setJobState(change.values);
      case 'attempt':
        return putAttempt(change.values);
      case 'command':
        return putCommand(leaseOf(change.jobId, change.attempt), change.num, change.values);
      case 'events':
        return addEvents(leaseOf(change.jobId, change.attempt), change.events, memory);
      case 'drone':
        return putDrone(change.values);
      case 'forget-drone':
        return forgetDrone(change.id);
      case 'token':
        return putToken(change.values);
      case 'drop-token':
        return dropToken(change.name);
      case 'view':
        return putView(change.values);
      case 'drop-view':
        return dropView(change.name);
      case 'schedule':
        return putSchedule(change.values);
      case 'drop-schedule':
        return dropSchedule(change.name);
      case 'schedule-run':
        return addRun(change.schedule, change.values, change.keep);
      case 'template':
        return putTemplate(change.values);
      case 'drop-template':
        return dropTemplate(change.name);
      case 'dropped-platform':
        return putDroppedPlatform(change.values);
      case 'restore-platform':
        return restorePlatform(change.name);
      case 'artifact':
        return putArtifact(change.values);
      case 'cache':
        return putCache(change.values);
      case 'drop-cache':
        return dropCache(change.project, change.key);
      case 'upload':
        return putUpload(change.values);
      case 'drop-upload':
        return dropUpload(change.id);
      case 'forget-job':
        return forgetJob(change.id);
      case 'drop-forgotten':
        return dropForgotten(change.events);
    }
  };
}
