import * as z from 'zod';

/** Every error that Skep answers with: its HTTP status, what it means, and what to do next. */
export const errorCodes = {
  INVALID_MESSAGE: {
    status: 400,
    meaning: 'A message or request does not have the form that its schema asks for.',
    hint: 'Compare it with docs/protocol.md; `issues` names each place that is wrong.',
  },
  INVALID_JOB: {
    status: 400,
    meaning: 'A submitted job does not have the form of a job.',
    hint: 'Correct the fields named in `issues` and submit it again.',
  },
  BAD_INPUT: {
    status: 400,
    meaning: 'The input of a task is not what its handler takes.',
    hint: 'Correct the places in `data` that `issues` names and submit it again.',
  },
  TOO_MANY_CELLS: {
    status: 400,
    meaning: 'The matrix of a job has more cells than maxCells.',
    hint: 'Give it fewer values, or raise maxCells.',
  },
  AFTER_UNKNOWN: {
    status: 409,
    meaning: 'A job is to run after one that there is not.',
    hint: 'Submit the jobs that come before it first.',
  },
  AFTER_CIRCLE: { status: 400, meaning: 'A job is to run after itself.', hint: 'Take its own id out of `after`.' },
  UNKNOWN_EVENT: { status: 400, meaning: 'No event of this name is spoken here.', hint: 'The events are listed in docs/protocol.md.' },
  NOT_REGISTERED: { status: 409, meaning: 'The drone has not yet said what it is.', hint: 'Send drone:info first.' },
  JOB_NOT_FOUND: { status: 404, meaning: 'There is no job with this id.', hint: '`skep jobs` lists the jobs there are.' },
  JOB_NOT_DONE: { status: 409, meaning: 'The job is not done yet, so it cannot be retried.', hint: 'Wait for it, or cancel it first.' },
  JOB_DONE: { status: 409, meaning: 'The job is done, so its priority decides nothing any more.', hint: '`skep retry JOB` runs it again.' },
  ATTEMPT_NOT_FOUND: { status: 404, meaning: 'The job has no attempt of this number.', hint: '`skep show JOB` lists its attempts.' },
  DRONE_NOT_FOUND: { status: 404, meaning: 'There is no drone with this id or name.', hint: '`skep drones` lists the drones there are.' },
  DRONE_IN_USE: {
    status: 409,
    meaning: 'The drone is connected or still holds jobs, so it cannot be forgotten.',
    hint: 'Stop it first; what it holds is lost or done within a minute or two.',
  },
  TOKEN_NOT_FOUND: { status: 404, meaning: 'There is no token of this name.', hint: '`skep token ls` lists the tokens there are.' },
  TOKEN_EXISTS: { status: 409, meaning: 'There is a token of this name already.', hint: 'Choose another name, or remove it first.' },
  PROJECT_NOT_FOUND: {
    status: 404,
    meaning: 'No job names this project.',
    hint: 'GET /api/projects lists those that jobs name; a project is there from its first job on.',
  },
  VIEW_NOT_FOUND: { status: 404, meaning: 'There is no view of this name.', hint: 'GET /api/views lists the views there are.' },
  TOO_MANY_VIEWS: {
    status: 409,
    meaning: 'The queen keeps as many views as it may.',
    hint: 'Remove one that nobody uses, or give this one the name of another.',
  },
  SCHEDULE_NOT_FOUND: {
    status: 404,
    meaning: 'There is no schedule of this name.',
    hint: '`skep schedule ls` lists the schedules there are.',
  },
  SCHEDULE_EXISTS: {
    status: 409,
    meaning: 'There is a schedule of this name already.',
    hint: 'Choose another name, or change that one with `skep schedule set`.',
  },
  INVALID_SCHEDULE: {
    status: 400,
    meaning: 'A schedule cannot be as it was given.',
    hint: 'Correct the fields named in `issues`; `skep schedule next` shows when one runs.',
  },
  TOO_MANY_SCHEDULES: {
    status: 409,
    meaning: 'The queen keeps as many schedules as it may.',
    hint: 'Remove one that nobody needs.',
  },
  TEMPLATE_NOT_FOUND: {
    status: 404,
    meaning: 'There is no template of this name.',
    hint: '`skep template ls` lists the templates there are.',
  },
  TEMPLATE_EXISTS: {
    status: 409,
    meaning: 'There is a template of this name already.',
    hint: 'Choose another name, or replace that one with `skep template add --replace`.',
  },
  INVALID_TEMPLATE: {
    status: 400,
    meaning: 'A template cannot be as it was given.',
    hint: 'Correct the fields named in `issues`.',
  },
  INVALID_VALUES: {
    status: 400,
    meaning: 'A template cannot be run with these values.',
    hint: '`skep template show NAME` lists its parameters.',
  },
  TEMPLATE_IN_USE: {
    status: 409,
    meaning: 'Schedules use this template, so it cannot be removed.',
    hint: 'Change or remove those schedules first.',
  },
  TOO_MANY_TEMPLATES: {
    status: 409,
    meaning: 'The queen keeps as many templates as it may.',
    hint: 'Remove one that nobody needs.',
  },
  TOO_MANY_PLATFORMS: {
    status: 409,
    meaning: 'As many platforms are dropped as may be.',
    hint: 'Restore those that are of no use any more: `skep platform ls` lists them.',
  },
  NOT_YOUR_JOB: {
    status: 409,
    meaning: 'A drone spoke of a job that it does not hold.',
    hint: 'Stop working on it: another drone may be running it.',
  },
  COMMAND_NOT_FOUND: { status: 404, meaning: 'The attempt has no command of this number.', hint: 'Send job:cmd:start first.' },
  LEASE_ENDED: {
    status: 409,
    meaning: 'The lease of this attempt has ended; what it reports is refused.',
    hint: 'Kill the attempt and drop its spool: another attempt may be running.',
  },
  SEQ_GAP: {
    status: 409,
    meaning: 'Events are missing before the ones that were sent.',
    hint: 'Send again from the cursor that the queen confirmed last.',
  },
  OUTPUT_LIMIT: {
    status: 413,
    meaning: 'The attempt has written more output than the queen keeps.',
    hint: 'Write less, or raise maxOutput.',
  },
  RANGE_NOT_SATISFIABLE: {
    status: 416,
    meaning: 'The range lies outside the output.',
    hint: 'Ask for a range that begins before its end.',
  },
  ARTIFACT_NOT_FOUND: {
    status: 404,
    meaning: 'There is no artifact of this path.',
    hint: 'GET /api/jobs/JOB/artifacts lists those of a job; of a project, only jobs that passed count.',
  },
  ARTIFACT_LOST: {
    status: 500,
    meaning: 'The artifact is known, but its content is not in the store of artifacts.',
    hint: 'Somebody removed it there, or the queen was given another store; run the job again.',
  },
  ARTIFACT_TOO_LARGE: {
    status: 413,
    meaning: 'The file is larger than maxArtifact.',
    hint: 'Leave it out or split it, or raise maxArtifact.',
  },
  TOO_MANY_ARTIFACTS: {
    status: 409,
    meaning: 'The attempt has as many artifacts as maxArtifacts.',
    hint: 'Pack them into an archive, or raise maxArtifacts.',
  },
  TOO_MANY_UPLOADS: {
    status: 429,
    meaning: 'As many uploads as maxUploads have begun and are not complete.',
    hint: 'Complete those that have begun, try again in a moment, or raise maxUploads.',
  },
  UPLOAD_NOT_FOUND: {
    status: 404,
    meaning: 'There is no such upload: it is complete, was given up, or never began.',
    hint: 'Announce the file again; the answer says whether it is stored, or from where to go on.',
  },
  UPLOAD_OFFSET: {
    status: 409,
    meaning: 'The bytes do not begin where those that the queen has end.',
    hint: 'Ask for the offset with HEAD and go on from there.',
  },
  DIGEST_MISMATCH: {
    status: 409,
    meaning: 'What was uploaded is not what was announced.',
    hint: 'The file changed meanwhile, or was damaged on its way; announce it again and send it from its first byte.',
  },
  CACHE_NOT_FOUND: {
    status: 404,
    meaning: 'There is no cache of this key, nor one that begins with a prefix that was given.',
    hint: 'Go on without one, and upload it when the job has passed.',
  },
  ARTIFACT_STORE_FAILED: {
    status: 502,
    meaning: 'The store of artifacts could not do what was asked.',
    hint: 'Look at the address given with --artifacts and at what it says; the log of the queen has the cause.',
  },
  ARTIFACT_STORE_UNREACHABLE: {
    status: 503,
    meaning: 'The store of artifacts does not answer.',
    hint: 'Try again in a moment, nothing acknowledged is lost; if it goes on, look whether the address given with --artifacts can be reached from the queen.',
  },
  SEARCH_TOO_SLOW: {
    status: 400,
    meaning: 'The search took so long that it was given up.',
    hint: 'Make the expression simpler, without repeats within repeats such as (a+)+, or search for plain text.',
  },
  TOO_MANY_SEARCHES: {
    status: 429,
    meaning: 'As many searches run at once as the queen allows, and none ended in time.',
    hint: 'Search again in a moment; a search ends when its connection is closed.',
  },
  UNAUTHENTICATED: {
    status: 401,
    meaning: 'No token was given, or none that the queen knows.',
    hint: 'Log in with `skep login`, or give --token or SKEP_TOKEN; the queen showed its admin token at its first start.',
  },
  FORBIDDEN: {
    status: 403,
    meaning: 'The token does not allow this.',
    hint: 'Use a token of the right scope: admin for callers, drone for drones.',
  },
  ORIGIN_REFUSED: {
    status: 403,
    meaning: 'A web page of another origin tried to reach the queen.',
    hint: 'Open the page at the address of the queen, or add its origin to `origins`.',
  },
  HOST_REFUSED: {
    status: 421,
    meaning: 'The request was made under a name that is not the name of this queen.',
    hint: 'Use the address that the queen printed, or add the name to `hosts`.',
  },
  ROUTE_NOT_FOUND: { status: 404, meaning: 'Nothing is served at this address.', hint: 'GET /api/openapi.json lists every route.' },
  METHOD_NOT_ALLOWED: {
    status: 405,
    meaning: 'This address does not answer to this method.',
    hint: 'GET /api/openapi.json lists every route.',
  },
  PAYLOAD_TOO_LARGE: { status: 413, meaning: 'The message is larger than maxPayload.', hint: 'Send less at once, or raise maxPayload.' },
  QUEUE_FULL: {
    status: 429,
    meaning: 'As many jobs as maxQueue are waiting or running.',
    hint: 'Submit again later, add drones, or raise maxQueue.',
  },
  TOO_MANY_CONNECTIONS: {
    status: 503,
    meaning: 'As many sockets as maxConnections are open.',
    hint: 'Connect again later, or raise maxConnections.',
  },
  TOO_MANY_WATCHES: {
    status: 429,
    meaning: 'One socket watches as many jobs as maxWatches.',
    hint: 'Unwatch some, or open another connection.',
  },
  RATE_LIMITED: {
    status: 429,
    meaning: 'A socket sends more messages a second than maxEventRate.',
    hint: 'Send less often; frames carry many events at once.',
  },
  STORE_FULL: {
    status: 507,
    meaning: 'The disk of the queen is full, so nothing can be kept.',
    hint: 'Make room in its data folder; nothing acknowledged is lost.',
  },
  STORE_FAILED: { status: 500, meaning: 'The store could not do what was asked.', hint: 'The log of the queen has the cause.' },
  STORE_NEWER: {
    status: 500,
    meaning: 'The data folder was written by a newer version.',
    hint: 'Start that version, or give another --data.',
  },
  DATA_IN_USE: { status: 409, meaning: 'Another process uses this data folder.', hint: 'Stop it, or give another --data.' },
  DRONE_REPLACED: {
    status: 409,
    meaning: 'Another drone connected with the same id.',
    hint: 'Give each drone its own --data folder: its id lives there.',
  },
  PROTOCOL_MISMATCH: {
    status: 400,
    meaning: 'The drone speaks a version of the packed form that this queen does not.',
    hint: 'Bring drone and queen to the same version.',
  },
  QUEEN_STOPPING: { status: 503, meaning: 'The queen is about to stop.', hint: 'Try again when it is back; nothing acknowledged is lost.' },
  QUEEN_UNREACHABLE: {
    status: 503,
    meaning: 'No queen answers at this address.',
    hint: 'Start one with `skep queen`, or give its address with --queen.',
  },
  TIMED_OUT: { status: 504, meaning: 'No answer came in time.', hint: 'Try again; if it goes on, look at the log of the queen.' },
  INVALID_CONFIG: {
    status: 400,
    meaning: 'A setting is missing or has a value that it cannot have.',
    hint: '`skep config` prints every setting and where it comes from.',
  },
  WORKERS_DIE: {
    status: 503,
    meaning: 'The workers of a pool end as soon as they are started.',
    hint: 'Start the worker by itself and see why it ends; the pool goes on trying, twice a minute at last.',
  },
  POOL_CLOSED: { status: 409, meaning: 'The pool is closed for good.', hint: 'Make a new one; `drain` is what can be taken back.' },
  INTERNAL: { status: 500, meaning: 'Something went wrong that should not.', hint: 'The log has the cause; please report it.' },
} as const satisfies Record<string, { status: number; meaning: string; hint: string }>;

export type ErrorCode = keyof typeof errorCodes;

/** One place of a message that is wrong. */
export const Issue = z
  .object({ path: z.string(), message: z.string() })
  .meta({ id: 'Issue', description: 'One place of a message that is wrong.' });
export type Issue = z.infer<typeof Issue>;

/** An error as it travels: in acks, in `error:invalid`, and as `{error}` in answers over HTTP. */
export const ErrorBody = z
  .object({
    code: z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]),
    message: z.string().describe('What happened, with the names and numbers of this case.'),
    hint: z.string().optional().describe('What to do next.'),
    issues: z.array(Issue).optional().describe('Each place of the message that is wrong, the first 20 of them.'),
  })
  .meta({ id: 'ErrorBody', description: 'An error: what happened and what to do next.' });
export type ErrorBody = z.infer<typeof ErrorBody>;

/** An error that Skep names: programs read `code`, people `message` and `hint`. */
export class SkepError extends Error {
  override readonly name = 'SkepError';
  readonly hint: string;
  readonly status: number;
  readonly issues: readonly Issue[] | undefined;

  /**
   * @param message what happened, with the names and numbers of this case; the code's general meaning if absent
   */
  constructor(
    readonly code: ErrorCode,
    message: string = errorCodes[code].meaning,
    options: ErrorOptions & { hint?: string; issues?: readonly Issue[] } = {},
  ) {
    super(message, options);
    this.hint = options.hint ?? errorCodes[code].hint;
    this.status = errorCodes[code].status;
    this.issues = options.issues;
  }

  /** The error as it travels. */
  toBody(): ErrorBody {
    return { code: this.code, message: this.message, hint: this.hint, ...(this.issues && { issues: [...this.issues] }) };
  }

  /** The error that came from the other side, as one to throw here. */
  static fromBody(body: ErrorBody): SkepError {
    return new SkepError(body.code, body.message, {
      ...(body.hint !== undefined && { hint: body.hint }),
      ...(body.issues && { issues: body.issues }),
    });
  }
}

/** Any thrown thing as an error with a code; what has none is INTERNAL, its message kept out of what travels. */
export const toSkepError = (error: unknown): SkepError =>
  error instanceof SkepError ? error : new SkepError('INTERNAL', undefined, { cause: error });
