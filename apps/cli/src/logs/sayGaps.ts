import { SkepError } from '@skep/protocol';
import type { Session } from '../Session.js';

/** Says, beside the output, where some of it is missing, and of a parent where it is. @param attempt the latest if absent */
export async function sayGaps(session: Session, id: string, attempt: number | undefined): Promise<void> {
  const client = await session.client();
  const index = await client.outputIndex(id, attempt).catch(beforeTheFirst);
  if (!index && (await client.query(id)).children) session.terminal.remark(`the output is that of its children: skep jobs --parent ${id}`);
  const output = index?.output;
  if (output?.state !== 'partial') return;
  const { gaps = [], missing } = output;
  for (const { firstLine, why, cut } of gaps)
    session.terminal.remark(
      cut
        ? `line ${firstLine + 1} stands for ${cut.bytes.toLocaleString('en')} bytes that were left out: beyond maxOutput of ${cut.limit.toLocaleString('en')} bytes`
        : `what came after line ${firstLine} is missing: ${why}`,
    );
  if (gaps.length === 0) session.terminal.remark(`something is missing: ${missing ?? 'the drone did not confirm that this is all'}`);
}

function beforeTheFirst(error: unknown): undefined {
  if (!(error instanceof SkepError) || error.code !== 'ATTEMPT_NOT_FOUND') throw error;
}
