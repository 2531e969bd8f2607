import { type Job, SkepError } from '@skep/protocol';
import type { World } from './World.js';

/** How long a caller waits for an answer, and before it tries again, in ms. */
const ANSWER_MS = 5000;
const RETRY_MS = 1500;

/** Errors that a caller who tries again may expect: the queen cannot just now, or what comes before is still on its way. */
const passing: ReadonlySet<string> = new Set(['STORE_FULL', 'STORE_FAILED', 'QUEEN_STOPPING', 'AFTER_UNKNOWN']);

/** Submits jobs until it is told yes, and cancels some of them. */
export class Caller {
  /** Wishes that were not answered yet. */
  pending = 0;

  constructor(private readonly world: World) {}

  submit(job: Job & { id: string }): void {
    const { ledger, trace } = this.world;
    ledger.wanted.set(job.id, { isAcknowledged: false });
    this.#until(
      (queen) => queen.submit(job),
      ({ id }) => {
        trace.note('caller is told', id);
        if (id !== job.id) this.world.fail(`${job.id} was acknowledged as ${id}`);
        ledger.wanted.set(id, { isAcknowledged: true });
        this.world.checkAcknowledged(id);
      },
    );
  }

  cancel(id: string): void {
    this.world.trace.note('caller cancels', id);
    this.#until(
      (queen) => queen.cancel(id, 'by chance'),
      () => undefined,
      ['JOB_NOT_FOUND'],
    );
  }

  prioritize(id: string, priority: number): void {
    this.world.trace.note('caller gives', id, 'priority', priority);
    this.#until(
      (queen) => queen.setPriority(id, priority),
      () => undefined,
      ['JOB_NOT_FOUND', 'JOB_DONE'],
    );
  }

  drain(drone: string, isDrained: boolean): void {
    this.world.trace.note('caller', isDrained ? 'drains' : 'resumes', drone);
    this.#until(
      (queen): Promise<unknown> => (isDrained ? queen.drain(drone, 'by chance') : queen.resume(drone)),
      () => undefined,
      ['DRONE_NOT_FOUND'],
    );
  }

  drop(platform: string, isDropped: boolean): void {
    this.world.trace.note('caller', isDropped ? 'drops' : 'restores', platform);
    this.#until(
      ({ platformDesk }) => (isDropped ? platformDesk.drop(platform, 'by chance') : platformDesk.restore(platform)),
      () => undefined,
    );
  }

  /** Asks until there is an answer. Questions and answers are lost now and then. */
  #until<T>(ask: (queen: NonNullable<World['queen']>['coordinator']) => Promise<T>, told: (answer: T) => void, final: string[] = []): void {
    const { world } = this;
    const { time, chance, network } = world;
    this.pending += 1;
    let isOver = false;
    const end = (): void => {
      if (isOver) return;
      isOver = true;
      this.pending -= 1;
    };
    let tries = 0;
    const tryOnce = (): void => {
      if (isOver) return;
      const mine = ++tries;
      const tryAgainAfter = (ms: number): void => {
        time.after(ms, () => {
          if (mine === tries) tryOnce();
        });
      };
      tryAgainAfter(ANSWER_MS);
      const isLost = !world.isCalm && chance.is(0.1);
      time.after(network.latency(), () => {
        const { queen } = world;
        if (!queen?.isListening || isOver) return;
        const answered = (call: () => void): void => {
          if (isLost || !queen.isAlive) return;
          time.after(network.latency(), () => {
            if (!isOver) call();
          });
        };
        const refused = (error: unknown): void =>
          answered(() => {
            const { code } = error as SkepError;
            if (final.includes(code)) end();
            else if (!(error instanceof SkepError) || !passing.has(code)) world.fail(`a caller was refused: ${(error as Error).stack}`);
            else tryAgainAfter(RETRY_MS);
          });
        Promise.resolve()
          .then(() => ask(queen.coordinator))
          .then(
            (answer) =>
              answered(() => {
                end();
                told(answer);
              }),
            refused,
          );
      });
    };
    tryOnce();
  }
}
