/** Where a queen has a job. */
export const jobPath = (id: string): string => `/api/jobs/${encodeURIComponent(id)}`;
