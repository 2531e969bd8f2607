/** What the ids of drones that gave none begin with; no drone may call itself so. Such a drone cannot come back as itself. */
export const PASSING_ID = 'socket:';
