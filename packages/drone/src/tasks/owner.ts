import { AsyncLocalStorage } from 'node:async_hooks';

/** Hears of what a task threw where nobody caught it. */
export interface TaskOwner {
  /** A promise of the task's that nobody awaited was rejected. */
  leftRejected(reason: unknown): void;
}

const owner = new AsyncLocalStorage<TaskOwner>();
let isGuarded = false;

/**
 * Runs a handler so that what comes of it is known to be its doing. Rejections that nobody handles are told to its owner
 * instead of ending the process; those of anybody else end it as before.
 */
export function asTask<T>(task: TaskOwner, act: () => T): T {
  if (!isGuarded) {
    isGuarded = true;
    process.on('unhandledRejection', rejected);
  }
  return owner.run(task, act);
}

/** Whose doing this is. */
export const whoseTask = (): TaskOwner | undefined => owner.getStore();

function rejected(reason: unknown): void {
  const task = owner.getStore();
  if (task) task.leftRejected(reason);
  // A listener takes Node's own ending away from everybody, so where there is no other it is given back here.
  else if (process.listenerCount('unhandledRejection') === 1) throw reason;
}
