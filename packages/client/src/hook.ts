import { type HookName, HooksAnswer, JobNotice, NoticePlace } from '@skep/protocol';
import type { Link } from './Link.js';
import { newJobId } from './newJobId.js';

export type Hook = (notice: JobNotice) => unknown;

export interface HookOptions {
  /** Called when some notices were missed for good: the queen was started anew, or away for too long. */
  onMissed?: () => void;
  /** Called with what a hook throws, or its promise is rejected with; by default that is passed over. */
  onError?: (error: unknown) => void;
}

const ASK_MS = 10_000;

/** Calls a function with each notice of this name about jobs of these types, also those that came while the connection was lost. Returns how to end it. */
export function hookOn(link: Link, name: HookName, types: readonly string[], call: Hook, { onMissed, onError }: HookOptions): () => void {
  const key = newJobId();
  let place: NoticePlace | undefined;
  const begin = (): void => {
    const filter = { hooks: [name], ...(!types.includes('*') && { types }), ...(place && { after: place }) };
    link.askOnce('hooks:watch', [key, filter], ASK_MS).then(
      (raw) => {
        const answer = HooksAnswer.parse(raw);
        // What came since is told already, and is further.
        if (place?.life !== answer.place.life || place.number < answer.place.number) place = answer.place;
        if (answer.missed) guarded(() => onMissed?.(), onError);
      },
      // The connection is gone or the queen is not well: begun anew, this is tried again.
      () => link.reconnect(),
    );
  };
  const heard = (of: unknown, rawPlace: unknown, raw: unknown): void => {
    const [at, notice] = [NoticePlace.safeParse(rawPlace), JobNotice.safeParse(raw)];
    if (of !== key || !at.success || (at.data.life === place?.life && at.data.number <= place.number)) return;
    place = at.data;
    if (notice.success) guarded(() => call(notice.data), onError);
  };
  const stops = [link.on('connect', begin), link.on('job:hook', heard)];
  if (link.isConnected) begin();
  else link.open();
  return () => {
    for (const stop of stops) stop();
    link.say('hooks:unwatch', key);
  };
}

/** What a hook does must neither end the process nor keep the next notice waiting. */
function guarded(call: () => unknown, onError: (error: unknown) => void = () => {}): void {
  try {
    void Promise.resolve(call()).catch(onError);
  } catch (error) {
    onError(error);
  }
}
