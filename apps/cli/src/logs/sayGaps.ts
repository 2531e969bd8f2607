import { SkepError } from '@skep/protocol';
import type { Session } from '../Session.js';

/** Says, beside the output, where some of it is missing. @param attempt the latest if absent */
export async function sayGaps(session: Session, id: string, attempt: number | undefined): Promise<void> {
  const client = await session.client();
  const { output } = (await client.outputIndex(id, attempt).catch(beforeTheFirst)) ?? {};
  if (output?.state !== 'partial') return;
  const { gaps = [], missing } = output;
  for (const { firstLine, why, cut } of gaps)
    session.terminal.remark(
      cut
        ? `line ${firstLine + 1} stands for ${cut.bytes} bytes that were left out: beyond maxOutput of ${cut.limit} bytes`
        : `what came after line ${firstLine} is missing: ${why}`,
    );
  if (gaps.length === 0) session.terminal.remark(`something is missing: ${missing ?? 'the drone did not confirm that this is all'}`);
}

function beforeTheFirst(error: unknown): undefined {
  if (!(error instanceof SkepError) || error.code !== 'ATTEMPT_NOT_FOUND') throw error;
}
