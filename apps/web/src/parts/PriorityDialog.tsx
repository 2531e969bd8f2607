import type { JobSummary } from '@skep/protocol';
import { useId, useState } from 'react';
import { useFeed } from '../feed/useFeed.js';
import { count } from '../words.js';
import { Dialog } from './Dialog.js';
import { withEach } from './jobActions.js';
import { useNotices } from './notices.js';

/** Asks which priority jobs shall have, and gives it to them. */
export function PriorityDialog({ jobs, onClose }: { jobs: readonly Pick<JobSummary, 'id' | 'priority'>[]; onClose: () => void }) {
  const { client } = useFeed();
  const notices = useNotices();
  const [first] = jobs;
  const [value, setValue] = useState(String(jobs.every(({ priority }) => priority === first?.priority) ? (first?.priority ?? 0) : 0));
  const id = useId();
  const give = (): void => {
    const priority = Number(value);
    void notices.attempt('The priority is as it was', () =>
      withEach(jobs, `given priority ${priority}`, (job) => client.setPriority(job, priority)),
    );
  };
  return (
    <Dialog title={jobs.length === 1 ? 'Priority of this job' : `Priority of ${count(jobs.length, 'job')}`} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          give();
          onClose();
        }}
      >
        <p>What waits goes by it at once; for what runs it counts if there is another attempt.</p>
        <label htmlFor={id}>Higher goes first; from −1000 to 1000</label>
        <input
          id={id}
          type="number"
          required
          min={-1000}
          max={1000}
          step={1}
          value={value}
          onChange={(event) => setValue(event.target.value)}
          onFocus={(event) => event.target.select()}
        />
        <div className="actions">
          <button type="button" className="button" onClick={onClose}>
            Leave it
          </button>
          <button type="submit" className="button is-main">
            Give it
          </button>
        </div>
      </form>
    </Dialog>
  );
}
