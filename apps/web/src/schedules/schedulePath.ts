/** Where a schedule is shown. */
export const schedulePath = (name: string): string => `/schedules/${encodeURIComponent(name)}`;
