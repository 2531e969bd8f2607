import { type JobSummary, SkepError, titleOf } from '@skep/protocol';
import { useEffect } from 'react';
import { useLocation } from 'wouter';
import { basePath } from '../base.js';
import { type Look, lookOf } from '../looks.js';
import { jobPath } from '../parts/jobActions.js';
import { useFeed } from './useFeed.js';
import { isWatched, setWatched, watchedJobs } from './watching.js';

type Ended = Pick<JobSummary, 'id' | 'title' | 'drone'> & { look: Look };

/** Tells by a notification when a watched job ends, also if it ended while the connection was lost. */
export function useEndNotices(): void {
  const feed = useFeed();
  const [, navigate] = useLocation();
  useEffect(() => {
    const tell = ({ id, title, drone, look }: Ended): void => {
      if (!isWatched(id)) return;
      setWatched(id, false);
      if (!('Notification' in window) || Notification.permission !== 'granted') return;
      // The same tag: of many tabs that tell, one notification is seen.
      const notice = new Notification(`${look.sign} ${title}`, {
        body: drone === undefined ? look.word : `${look.word} on ${drone}`,
        tag: id,
        icon: `${basePath}/icons/${look.favicon}.svg`,
      });
      notice.onclick = () => {
        window.focus();
        navigate(jobPath(id));
        notice.close();
      };
    };
    const hear = (summary: JobSummary): void => {
      if (summary.status === 'done') tell({ ...summary, look: lookOf(summary) });
    };
    const look = async (id: string): Promise<void> => {
      try {
        const job = await feed.client.query(id);
        if (job.status === 'done')
          tell({ id, title: titleOf(job.data), look: lookOf(job), ...(job.drone !== undefined && { drone: job.drone }) });
      } catch (error) {
        if (error instanceof SkepError && error.code === 'JOB_NOT_FOUND') setWatched(id, false);
      }
    };
    let checkedAt = -1;
    const check = (): void => {
      const { connection, returns, active } = feed.state();
      if (connection !== 'live' || returns === checkedAt) return;
      checkedAt = returns;
      for (const id of watchedJobs()) if (!active.has(id)) void look(id);
    };
    check();
    const stops = [feed.onJob(hear), feed.subscribe(check)];
    return () => {
      for (const stop of stops) stop();
    };
  }, [feed, navigate]);
}
